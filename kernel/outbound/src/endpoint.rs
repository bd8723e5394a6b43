//! Whom to talk to, and whom to believe that it is them.

use std::fmt;
use std::str::FromStr;

use url::Url;

/// The base address of a vendor's interface and how its certificate is checked. It is always checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    base: Url,
    trust: Trust,
}

/// What makes a certificate good.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Trust {
    /// A chain to an authority that the machine trusts, and the right name.
    #[default]
    Public,
    /// The machine's authorities and these more (PEM), and the right name: a cluster with its own authority.
    Authority(String),
    /// This very certificate, whatever it says about itself: a panel that signed its own.
    Pinned(Fingerprint),
}

/// The address cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadEndpoint {
    /// Not an address at all.
    #[error("{0:?} is not an address like https://panel.example.com:8443")]
    NotAnAddress(String),
    /// Anything but TLS, except towards this machine itself.
    #[error("the address must begin with https://")]
    NotEncrypted,
    /// Credentials belong into their own fields, where they are sealed.
    #[error("the address must not contain a user name or password")]
    WithCredentials,
}

impl Endpoint {
    /// Accepts `https://host[:port][/path]`, and `http://` towards a loopback address.
    pub fn parse(text: &str) -> Result<Self, BadEndpoint> {
        let not_an_address = || BadEndpoint::NotAnAddress(text.to_owned());
        let mut base = Url::parse(text.trim()).map_err(|_| not_an_address())?;
        if !base.has_host() || base.cannot_be_a_base() {
            return Err(not_an_address());
        }
        if !base.username().is_empty() || base.password().is_some() {
            return Err(BadEndpoint::WithCredentials);
        }
        if base.scheme() != "https" && !(base.scheme() == "http" && is_this_machine(&base)) {
            return Err(BadEndpoint::NotEncrypted);
        }
        base.set_query(None);
        base.set_fragment(None);
        Ok(Self { base, trust: Trust::Public })
    }

    /// With another way to check the certificate.
    #[must_use]
    pub fn trusting(mut self, trust: Trust) -> Self {
        self.trust = trust;
        self
    }

    /// Host and port, for records and messages.
    pub fn host(&self) -> String {
        let host = self.base.host_str().unwrap_or_default();
        self.base.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// The host without its port.
    pub fn host_name(&self) -> &str {
        self.base.host_str().unwrap_or_default()
    }

    /// The base address, without a slash at the end.
    pub fn base(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    pub(crate) fn trust(&self) -> &Trust {
        &self.trust
    }
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// The SHA-256 digest of a certificate or key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fingerprint([u8; 32]);

/// The text is no fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a SHA-256 fingerprint has 64 hexadecimal digits, with or without colons between them")]
pub struct BadFingerprint;

impl Fingerprint {
    /// The fingerprint of a certificate in DER.
    pub fn of(der: &[u8]) -> Self {
        use sha2::{Digest as _, Sha256};
        Self(Sha256::digest(der).into())
    }

    /// The fingerprint that a refused connection was shown, out of the words of its error: for a page that lets staff
    /// compare it with the panel's own and pin it.
    pub fn shown_in(error: &str) -> Option<Self> {
        let (_, rest) = error.split_once(SHOWN)?;
        rest.get(..95)?.parse().ok()
    }
}

/// What stands before the fingerprint of a certificate that is not believed.
pub(crate) const SHOWN: &str = "its SHA-256 fingerprint is ";

impl FromStr for Fingerprint {
    type Err = BadFingerprint;

    fn from_str(text: &str) -> Result<Self, BadFingerprint> {
        let digits: String = text.trim().chars().filter(|c| *c != ':').collect();
        let bytes = hex::decode(digits).map_err(|_| BadFingerprint)?;
        Ok(Self(bytes.try_into().map_err(|_| BadFingerprint)?))
    }
}

/// As people compare it: `AB:CD:…`.
impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, byte) in self.0.iter().enumerate() {
            let colon = if place == 0 { "" } else { ":" };
            write!(f, "{colon}{byte:02X}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_encrypted_addresses_and_this_machine_are_accepted() {
        let good = Endpoint::parse(" https://panel.example.com:8006/api2/?x#y ").unwrap();
        assert_eq!(
            (good.host().as_str(), good.base()),
            ("panel.example.com:8006", "https://panel.example.com:8006/api2")
        );
        assert_eq!(Endpoint::parse("https://[2001:db8::1]").unwrap().host(), "[2001:db8::1]");
        for local in ["http://127.0.0.1:9000", "http://localhost", "http://[::1]:1"] {
            assert!(Endpoint::parse(local).is_ok(), "{local}");
        }
        assert_eq!(Endpoint::parse("http://panel.example.com"), Err(BadEndpoint::NotEncrypted));
        assert_eq!(Endpoint::parse("ftp://127.0.0.1"), Err(BadEndpoint::NotEncrypted));
        assert_eq!(Endpoint::parse("https://a:b@panel.example.com"), Err(BadEndpoint::WithCredentials));
        for bad in ["panel.example.com", "", "https://", "mailto:a@b.example"] {
            assert!(matches!(Endpoint::parse(bad), Err(BadEndpoint::NotAnAddress(_))), "{bad}");
        }
    }

    #[test]
    fn fingerprints_are_read_in_both_spellings() {
        let colons =
            "BA:78:16:BF:8F:01:CF:EA:41:41:40:DE:5D:AE:22:23:B0:03:61:A3:96:17:7A:9C:B4:10:FF:61:F2:00:15:AD";
        let fingerprint: Fingerprint = colons.parse().unwrap();
        assert_eq!(fingerprint, Fingerprint::of(b"abc"), "the digest of FIPS 180's example");
        assert_eq!(colons.replace(':', "").to_lowercase().parse(), Ok(fingerprint));
        assert_eq!(fingerprint.to_string(), colons);
        let refused = format!("the certificate is not trusted (UnknownIssuer); {SHOWN}{colons} and no more");
        assert_eq!(Fingerprint::shown_in(&refused), Some(fingerprint));
        assert_eq!(Fingerprint::shown_in("connection refused"), None);
        assert_eq!(Fingerprint::shown_in(&format!("{SHOWN}AB:CD")), None);
        assert_eq!("ab:cd".parse::<Fingerprint>(), Err(BadFingerprint));
    }
}
