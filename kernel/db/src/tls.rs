//! TLS to PostgreSQL, with the options and meanings of libpq.
//!
//! `disable` and `prefer` (the default) protect from nobody who can change traffic; `require` encrypts without asking
//! who answers, unless a root is named; `verify-ca` asks for a certificate of a trusted root, `verify-full` for one that
//! is made for this host besides.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bursar_fault::Fault;
use percent_encoding::percent_decode_str;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use tokio_postgres_rustls::MakeRustlsConnect;

/// How much the connection is protected; `sslmode=` in the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum TlsMode {
    Disable,
    #[default]
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

impl TlsMode {
    fn parse(text: &str) -> Result<Self, String> {
        Ok(match text {
            "disable" => Self::Disable,
            "prefer" => Self::Prefer,
            "require" => Self::Require,
            "verify-ca" => Self::VerifyCa,
            "verify-full" => Self::VerifyFull,
            _ => {
                return Err(format!(
                    "sslmode={text} is not known; use disable, prefer, require, verify-ca or verify-full"
                ));
            }
        })
    }
}

/// What the address says about TLS.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct TlsOptions {
    pub(crate) mode: TlsMode,
    /// A PEM file of the roots to trust instead of the system's.
    pub(crate) root_file: Option<PathBuf>,
}

impl TlsOptions {
    /// Takes `sslmode` and `sslrootcert` out of an address and returns the rest, which the client library reads.
    pub(crate) fn take_from(url: &str) -> Result<(String, Self), String> {
        let Some((place, query)) = url.split_once('?') else { return Ok((url.to_owned(), Self::default())) };
        let mut options = Self::default();
        let mut kept = Vec::new();
        for pair in query.split('&') {
            match pair.split_once('=') {
                Some(("sslmode", mode)) => options.mode = TlsMode::parse(mode)?,
                Some(("sslrootcert", "system")) => options.root_file = None,
                Some(("sslrootcert", path)) => {
                    let path = percent_decode_str(path)
                        .decode_utf8()
                        .map_err(|_| "sslrootcert is not a path in UTF-8".to_owned())?;
                    options.root_file = Some(PathBuf::from(path.as_ref()));
                }
                _ => kept.push(pair),
            }
        }
        let rest = if kept.is_empty() { place.to_owned() } else { format!("{place}?{}", kept.join("&")) };
        Ok((rest, options))
    }

    /// As in libpq, a named root is looked at under `require` too.
    fn asks_who_answers(&self) -> bool {
        match self.mode {
            TlsMode::Disable | TlsMode::Prefer => false,
            TlsMode::Require => self.root_file.is_some(),
            TlsMode::VerifyCa | TlsMode::VerifyFull => true,
        }
    }
}

/// The connector for these options. Reads the root certificates, once for all connections.
pub(crate) fn connector(options: &TlsOptions) -> Result<MakeRustlsConnect, Fault> {
    let provider = Arc::new(ring::default_provider());
    let verifier = Verifier {
        trust: if options.asks_who_answers() { Some(Trust::load(options, &provider)?) } else { None },
        asks_for_the_name: options.mode == TlsMode::VerifyFull,
        provider: Arc::clone(&provider),
    };
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| Fault::wrap("setting up TLS", e))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    // What the protocol asks for with sslnegotiation=direct; servers that do not know it do not mind.
    config.alpn_protocols = vec![b"postgresql".to_vec()];
    Ok(MakeRustlsConnect::new(config))
}

/// Whom we trust.
#[derive(Debug)]
struct Trust {
    chain: Arc<WebPkiServerVerifier>,
    /// The certificates of the named file, any of which the server may also show itself: a self-signed one is its own
    /// root, which a check of chains alone would refuse.
    named: Vec<CertificateDer<'static>>,
}

impl Trust {
    fn load(options: &TlsOptions, provider: &Arc<CryptoProvider>) -> Result<Self, Fault> {
        let named = match &options.root_file {
            Some(path) => read_roots(path)?,
            None => Vec::new(),
        };
        let mut roots = RootCertStore::empty();
        if options.root_file.is_some() {
            roots.add_parsable_certificates(named.iter().cloned());
        } else {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
        let chain = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
            .build()
            .map_err(|error| match &options.root_file {
                Some(path) => {
                    Fault::wrap(format!("sslrootcert: {} holds no certificate", path.display()), error)
                }
                None => Fault::wrap(
                    "this system has no trusted root certificates; install them (ca-certificates) or name the \
                     server's root with sslrootcert=FILE",
                    error,
                ),
            })?;
        Ok(Self { chain, named })
    }
}

fn read_roots(path: &Path) -> Result<Vec<CertificateDer<'static>>, Fault> {
    CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|error| Fault::wrap(format!("sslrootcert: {} cannot be read", path.display()), error))
}

/// Checks the server's certificate as far as the mode asks. The signatures of the handshake are checked always.
#[derive(Debug)]
struct Verifier {
    trust: Option<Trust>,
    asks_for_the_name: bool,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(trust) = &self.trust else { return Ok(ServerCertVerified::assertion()) };
        let checked =
            trust.chain.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        match checked {
            // The name is looked at last: the chain stood.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if !self.asks_for_the_name => Ok(ServerCertVerified::assertion()),
            // Neither expired nor too young, or that had been said first.
            Err(Error::InvalidCertificate(CertificateError::UnknownIssuer | CertificateError::Other(_)))
                if trust.named.iter().any(|named| named == end_entity) =>
            {
                if self.asks_for_the_name {
                    verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
                }
                Ok(ServerCertVerified::assertion())
            }
            checked => checked,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_libpq_knows_is_taken_out_and_the_rest_is_left() {
        let (rest, options) = TlsOptions::take_from(
            "postgres://me@db/x?sslmode=verify-full&connect_timeout=3&sslrootcert=%2Fca%20x.pem",
        )
        .unwrap();
        assert_eq!(rest, "postgres://me@db/x?connect_timeout=3");
        assert_eq!(options.mode, TlsMode::VerifyFull);
        assert_eq!(options.root_file.as_deref(), Some(Path::new("/ca x.pem")));
        let (rest, options) = TlsOptions::take_from("postgres://me@db/x?sslrootcert=system").unwrap();
        assert_eq!((rest.as_str(), options), ("postgres://me@db/x", TlsOptions::default()));
        let wrong = TlsOptions::take_from("postgres://me@db/x?sslmode=on").unwrap_err();
        assert!(wrong.contains("sslmode=on") && wrong.contains("verify-full"), "{wrong}");
    }

    #[test]
    fn a_named_root_is_looked_at_under_require_too() {
        let with = |mode, root: Option<&str>| {
            TlsOptions { mode, root_file: root.map(PathBuf::from) }.asks_who_answers()
        };
        assert!(with(TlsMode::Require, Some("ca.pem")) && !with(TlsMode::Require, None));
        assert!(with(TlsMode::VerifyCa, None) && with(TlsMode::VerifyFull, None));
        assert!(!with(TlsMode::Prefer, Some("ca.pem")) && !with(TlsMode::Disable, Some("ca.pem")));
    }
}
