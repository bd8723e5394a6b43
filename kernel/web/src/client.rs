//! Where a request comes from: the peer of the connection, or what a proxy that we trust says about it.
//!
//! Anybody can write a forwarding header. It counts only when the peer is one of the configured proxies, and then from
//! the right: every proxy appends the address it was called from, so the first address that is not a proxy of ours is
//! the last one somebody we trust has seen. What stands further left may be invented.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use axum::http::{Extensions, HeaderMap, HeaderName};

/// The peer of the connection, put into every request by [`crate::serve`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerAddress(pub IpAddr);

/// Where the request comes from, as [`Visit::client_ip`](crate::Visit::client_ip) tells it: put into every request
/// before anybody asks who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// Addresses with a common beginning, such as `10.0.0.0/8`, `2001:db8::/32` or a single `192.0.2.7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Network {
    first: IpAddr,
    prefix_bits: u8,
}

/// What is not a network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an address or network; write it like 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32")]
pub struct NotANetwork(String);

impl Network {
    /// The network of `prefix_bits` leading bits (at most 32 or 128, by kind) that an address lies in.
    pub fn around(address: IpAddr, prefix_bits: u8) -> Self {
        let address = address.to_canonical();
        let prefix_bits = prefix_bits.min(width(address));
        let first = match address {
            IpAddr::V4(it) => {
                let mask = u32::MAX.checked_shl(u32::from(32 - prefix_bits)).unwrap_or(0);
                IpAddr::V4(Ipv4Addr::from_bits(it.to_bits() & mask))
            }
            IpAddr::V6(it) => {
                let mask = u128::MAX.checked_shl(u32::from(128 - prefix_bits)).unwrap_or(0);
                IpAddr::V6(Ipv6Addr::from_bits(it.to_bits() & mask))
            }
        };
        Self { first, prefix_bits }
    }

    /// Whether an address lies in it. An IPv4 address written as IPv6 (`::ffff:192.0.2.7`) is the IPv4 address.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        width(address) == width(self.first) && Self::around(address, self.prefix_bits).first == self.first
    }
}

const fn width(address: IpAddr) -> u8 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.prefix_bits == width(self.first) {
            self.first.fmt(f)
        } else {
            write!(f, "{}/{}", self.first, self.prefix_bits)
        }
    }
}

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let refused = || NotANetwork(text.to_owned());
        let (address, bits) = text.split_once('/').map_or((text, None), |(it, bits)| (it, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| refused())?;
        let prefix_bits = match bits {
            None => width(address),
            Some(bits) => bits.parse().ok().filter(|bits| *bits <= width(address)).ok_or_else(refused)?,
        };
        Ok(Self::around(address, prefix_bits))
    }
}

/// The proxies in front of us, and the header in which they tell who called them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedProxies {
    networks: Vec<Network>,
    header: HeaderName,
}

impl TrustedProxies {
    /// What nearly every proxy sends.
    pub const USUAL_HEADER: HeaderName = HeaderName::from_static("x-forwarded-for");

    /// Nobody is in front of us: the peer is the client, and no header is believed.
    pub const fn none() -> Self {
        Self { networks: Vec::new(), header: Self::USUAL_HEADER }
    }

    /// These proxies, telling in this header: a list such as `X-Forwarded-For`, the standard `Forwarded`, or one
    /// address as in `X-Real-IP`. They must set or append to the header, and never pass it on untouched.
    pub const fn new(networks: Vec<Network>, header: HeaderName) -> Self {
        Self { networks, header }
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(address))
    }

    /// Who called, as far as somebody we trust has seen it.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut nearest = peer.to_canonical();
        if !self.trusts(nearest) {
            return nearest;
        }
        let forwarded = headers.get_all(&self.header).iter().collect::<Vec<_>>();
        let hops = forwarded.iter().rev().flat_map(|value| value.to_str().unwrap_or("?").rsplit(','));
        for hop in hops {
            // An unreadable hop ends the walk: what a proxy of ours could not name says nothing about those before it.
            let Some(address) = hop_address(hop) else { break };
            nearest = address;
            if !self.trusts(nearest) {
                break;
            }
        }
        nearest
    }
}

/// The address of one hop: plain, with a port, in brackets, or the `for=` of the `Forwarded` header.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let node = hop
        .split(';')
        .find_map(|pair| pair.split_once('=').filter(|(name, _)| name.trim().eq_ignore_ascii_case("for")))
        .map_or(hop, |(_, node)| node);
    let node = node.trim().trim_matches('"');
    let bare = match node.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0,
        // One colon parts the port from an IPv4 address; more of them are an IPv6 address without brackets.
        None => node.split_once(':').filter(|(_, port)| !port.contains(':')).map_or(node, |(it, _)| it),
    };
    bare.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

/// The peer of a request. One that came over no socket (a test, a call inside the process) has none, and counts as the
/// unspecified address, so that a limit per address still holds for all of them together.
pub(crate) fn peer_of(extensions: &Extensions) -> IpAddr {
    extensions.get::<PeerAddress>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0)
}

/// Whom a limit should count together: an IPv4 address, or the /64 that one subscriber is given in IPv6 and may choose
/// any of 2⁶⁴ addresses from.
pub(crate) fn limited_network(client: IpAddr) -> Network {
    Network::around(client, if client.to_canonical().is_ipv4() { 32 } else { 64 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn client(header: &'static str, peer: &str, values: &[&str]) -> String {
        let networks = ["10.0.0.0/8", "192.0.2.7", "fd00::/8"].map(|it| it.parse().unwrap()).to_vec();
        let proxies = TrustedProxies::new(networks, HeaderName::from_static(header));
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header, value.parse().unwrap());
        }
        proxies.client(ip(peer), &headers).to_string()
    }

    #[test]
    fn a_header_counts_only_from_a_trusted_peer_and_only_up_to_the_first_stranger() {
        let of = |peer, values: &[&str]| client("x-forwarded-for", peer, values);
        // A stranger may claim what they like.
        assert_eq!(of("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(of("192.0.2.8", &["198.51.100.1"]), "192.0.2.8", "beside the trusted address");
        // Our proxy tells.
        assert_eq!(of("10.1.2.3", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(
            of("::ffff:10.1.2.3", &["198.51.100.1"]),
            "198.51.100.1",
            "a dual-stack socket's spelling"
        );
        // What the client wrote before the proxy appended.
        assert_eq!(of("10.1.2.3", &["127.0.0.1, 10.9.9.9, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(of("10.1.2.3", &["127.0.0.1", "198.51.100.1"]), "198.51.100.1", "in a line of its own");
        // Two of our proxies in a row.
        assert_eq!(of("10.1.2.3", &["8.8.8.8, 198.51.100.1, 192.0.2.7"]), "198.51.100.1");
        // Our own people behind our own proxy: the farthest of them.
        assert_eq!(of("10.1.2.3", &["10.5.5.5, 10.6.6.6"]), "10.5.5.5");
        // Nothing told, or nothing readable: the nearest that is known.
        assert_eq!(of("10.1.2.3", &[]), "10.1.2.3");
        assert_eq!(of("10.1.2.3", &["198.51.100.1, unknown"]), "10.1.2.3");
        assert_eq!(of("10.1.2.3", &["198.51.100.1, unknown, 10.6.6.6"]), "10.6.6.6");
    }

    #[test]
    fn hops_are_read_with_ports_brackets_and_in_the_standard_header() {
        let of = |values: &[&str]| client("x-forwarded-for", "fd00::1", values);
        assert_eq!(of(&["198.51.100.1:4711"]), "198.51.100.1");
        assert_eq!(of(&["[2001:db8::5]:4711"]), "2001:db8::5");
        assert_eq!(of(&["2001:db8::5"]), "2001:db8::5");
        let standard = |values: &[&str]| client("forwarded", "fd00::1", values);
        assert_eq!(standard(&["for=8.8.8.8, for=198.51.100.1;proto=https;by=10.0.0.1"]), "198.51.100.1");
        assert_eq!(standard(&["proto=https;For=\"[2001:db8::5]:4711\""]), "2001:db8::5");
        assert_eq!(standard(&["for=_hidden"]), "fd00::1");
        // A header that is not the configured one says nothing.
        let mut other = HeaderMap::new();
        other.insert("x-real-ip", "8.8.8.8".parse().unwrap());
        let proxies = TrustedProxies::new(vec!["fd00::/8".parse().unwrap()], TrustedProxies::USUAL_HEADER);
        assert_eq!(proxies.client(ip("fd00::1"), &other), ip("fd00::1"));
    }

    #[test]
    fn networks_are_read_strictly_and_hold_their_ends() {
        let network = |text: &str| text.parse::<Network>();
        assert_eq!(network("10.1.2.3/8").unwrap().to_string(), "10.0.0.0/8");
        assert_eq!(network("192.0.2.7").unwrap().to_string(), "192.0.2.7");
        let all = network("0.0.0.0/0").unwrap();
        assert!(all.contains(ip("255.255.255.255")) && !all.contains(ip("2001:db8::1")));
        let quarter = network("192.0.2.64/26").unwrap();
        assert!(quarter.contains(ip("192.0.2.64")) && quarter.contains(ip("192.0.2.127")));
        assert!(!quarter.contains(ip("192.0.2.63")) && !quarter.contains(ip("192.0.2.128")));
        for wrong in ["10.0.0.0/33", "2001:db8::/129", "10.0.0", "10.0.0.0/-1", "localhost", ""] {
            assert!(network(wrong).unwrap_err().to_string().contains("10.0.0.0/8"), "{wrong}");
        }
    }

    #[test]
    fn a_limit_counts_an_ipv6_subscriber_as_one() {
        assert_eq!(limited_network(ip("2001:db8:1:2:3:4:5:6")), limited_network(ip("2001:db8:1:2::9")));
        assert_ne!(limited_network(ip("2001:db8:1:2::9")), limited_network(ip("2001:db8:1:3::9")));
        assert_ne!(limited_network(ip("192.0.2.7")), limited_network(ip("192.0.2.8")));
    }
}
