//! The certificate that a fake shows.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest as _, Sha256};

/// A certificate that the fake signed itself, as panels do, and its key.
pub struct Identity {
    certificate_pem: String,
    key_pem: String,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Identity").field(&self.fingerprint()).finish()
    }
}

impl Identity {
    /// A new one for `localhost` and the loopback addresses.
    ///
    /// # Panics
    /// When the machine has no randomness.
    pub fn fresh() -> Self {
        let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
        let made = rcgen::generate_simple_self_signed(names).expect("loopback names make a certificate");
        Self { certificate_pem: made.cert.pem(), key_pem: made.signing_key.serialize_pem() }
    }

    /// The one in a file, made when there is none: whoever pinned it must find it again after a restart.
    pub fn kept(path: &Path) -> io::Result<Self> {
        const BOUNDARY: &str = "-----BEGIN CERTIFICATE-----";
        match fs::read_to_string(path) {
            Ok(text) => {
                let at =
                    text.find(BOUNDARY).ok_or_else(|| io::Error::other("the file holds no certificate"))?;
                let (key, certificate) = text.split_at(at);
                Ok(Self { certificate_pem: certificate.to_owned(), key_pem: key.to_owned() })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let made = Self::fresh();
                fs::write(path, format!("{}{}", made.key_pem, made.certificate_pem))?;
                Ok(made)
            }
            Err(error) => Err(error),
        }
    }

    /// The certificate, for callers that trust an authority's file.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// The SHA-256 digest of the certificate in hexadecimal digits, for callers that pin it.
    pub fn fingerprint(&self) -> String {
        let der = CertificateDer::from_pem_slice(self.certificate_pem.as_bytes()).expect("it was made by us");
        hex::encode(Sha256::digest(&der))
    }

    pub(crate) fn server_config(&self) -> io::Result<Arc<ServerConfig>> {
        let certificate =
            CertificateDer::from_pem_slice(self.certificate_pem.as_bytes()).map_err(io::Error::other)?;
        let key = PrivateKeyDer::from_pem_slice(self.key_pem.as_bytes()).map_err(io::Error::other)?;
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .map_err(io::Error::other)?;
        Ok(Arc::new(config))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_identity_is_the_same_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fake.pem");
        let first = Identity::kept(&path).unwrap();
        let second = Identity::kept(&path).unwrap();
        assert_eq!(first.fingerprint(), second.fingerprint());
        assert_ne!(first.fingerprint(), Identity::fresh().fingerprint());
        assert!(second.server_config().is_ok());
    }
}
