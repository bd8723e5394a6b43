//! Addresses on other hosts: where a driver's answer says that the browser must go on, and nowhere else.

use url::Url;

/// An https address on another host, as a gateway returned it. Nothing that came with a request is ever read as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outward {
    pub(crate) href: String,
    pub(crate) host: String,
}

impl Outward {
    /// Accepts `https://pay.example/page?id=1`; refuses other schemes, and names before the host, which make an address
    /// look like another one's.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let host = url.host_str()?.to_owned();
        let is_plain = url.scheme() == "https" && url.username().is_empty() && url.password().is_none();
        (is_plain && !host.is_empty() && text.len() <= 4_000).then(|| Self { href: url.into(), host })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vendors_own_page_is_accepted() {
        let page = Outward::parse("https://pay.example/c/1?x=2#y").unwrap();
        assert_eq!(
            (page.href.as_str(), page.host.as_str()),
            ("https://pay.example/c/1?x=2#y", "pay.example")
        );
    }

    #[test]
    fn whatever_is_no_plain_https_address_is_refused() {
        for text in [
            "http://pay.example/c",
            "https://office.example@evil.example/",
            "https://a:b@evil.example/",
            "javascript:alert(1)",
            "data:text/html,x",
            "//pay.example/c",
            "/portal",
            "",
        ] {
            assert_eq!(Outward::parse(text), None, "{text}");
        }
    }
}
