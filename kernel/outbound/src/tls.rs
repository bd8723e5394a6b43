//! Checking certificates. There is no way to accept any.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};

use crate::endpoint::{Fingerprint, SHOWN, Trust};

/// Why no connection can be made safe.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The library refuses its own set-up or the machine's authorities.
    #[error("certificates cannot be checked: {0}")]
    Library(#[from] Error),
    /// The authority's certificates are not PEM.
    #[error("the authority's certificate is not readable as PEM")]
    BadAuthority,
}

/// The client's side of TLS 1.2 and 1.3 for one kind of trust.
pub(crate) fn client_config(trust: &Trust) -> Result<ClientConfig, TlsError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let proof = match trust {
        Trust::Public => Proof::Chain(Arc::new(rustls_platform_verifier::Verifier::new(provider.clone())?)),
        Trust::Authority(pem) => {
            let more: Vec<_> = CertificateDer::pem_slice_iter(pem.as_bytes())
                .collect::<Result<_, _>>()
                .map_err(|_| TlsError::BadAuthority)?;
            if more.is_empty() {
                return Err(TlsError::BadAuthority);
            }
            let chain = rustls_platform_verifier::Verifier::new_with_extra_roots(more, provider.clone())?;
            Proof::Chain(Arc::new(chain))
        }
        Trust::Pinned(fingerprint) => Proof::Pin(*fingerprint),
    };
    let checker = Arc::new(Checker { proof, provider: provider.clone() });
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(checker)
        .with_no_client_auth())
}

#[derive(Debug)]
enum Proof {
    Chain(Arc<dyn ServerCertVerifier>),
    Pin(Fingerprint),
}

/// Checks like the proof does, and names the fingerprint it was shown when that fails, so that staff can compare it
/// with the panel's own and pin it.
#[derive(Debug)]
struct Checker {
    proof: Proof,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Checker {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let shown = Fingerprint::of(end_entity);
        match &self.proof {
            Proof::Pin(pinned) if *pinned == shown => Ok(ServerCertVerified::assertion()),
            Proof::Pin(pinned) => Err(Error::General(format!(
                "the certificate has changed: {SHOWN}{shown}, pinned is {pinned}"
            ))),
            Proof::Chain(chain) => chain
                .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
                .map_err(|error| {
                    Error::General(format!("the certificate is not trusted ({error}); {SHOWN}{shown}"))
                }),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
