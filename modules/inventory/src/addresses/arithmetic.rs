//! Networks, ranges and the units they are given away in. Pure.
//!
//! Addresses of both families are numbers of 128 bits, an IPv4 address being `::ffff:a.b.c.d`, so that one key orders
//! and tells apart all of them.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Which internet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// 32 bits.
    V4,
    /// 128 bits.
    V6,
}

impl Family {
    /// 4 or 6, as it is stored.
    pub const fn number(self) -> i64 {
        match self {
            Self::V4 => 4,
            Self::V6 => 6,
        }
    }

    /// How long an address is.
    pub const fn bits(self) -> u8 {
        match self {
            Self::V4 => 32,
            Self::V6 => 128,
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IPv{}", self.number())
    }
}

/// A network: `192.0.2.0/24`, `2001:db8::/32`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    /// Which family.
    pub family: Family,
    first: u128,
    /// The length of its prefix.
    pub prefix: u8,
}

/// The text cannot be a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a network is written like 192.0.2.0/24 or 2001:db8::/32, beginning with its first address")]
pub struct BadNetwork;

impl Network {
    /// Reads `address/prefix`; the address must be the network's first.
    pub fn parse(text: &str) -> Result<Self, BadNetwork> {
        let (address, prefix) = text.trim().split_once('/').ok_or(BadNetwork)?;
        let (family, first) = number_of(address).ok_or(BadNetwork)?;
        let prefix: u8 = prefix.parse().map_err(|_| BadNetwork)?;
        if prefix > family.bits() || first & !mask(family, prefix) != 0 {
            return Err(BadNetwork);
        }
        Ok(Self { family, first, prefix })
    }

    /// Its first and its last address.
    pub fn whole(self) -> Range {
        Range { first: self.first, last: self.first | !mask(self.family, self.prefix) }
    }

    /// What may be given away in it unless somebody says otherwise: everything, without the network's own address and
    /// the one that means everybody where IPv4 has them.
    pub fn usable(self) -> Range {
        let whole = self.whole();
        let keeps_ends = self.family == Family::V6 || self.prefix > 30;
        if keeps_ends { whole } else { Range { first: whole.first + 1, last: whole.last - 1 } }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", text_of(self.first), self.prefix)
    }
}

/// The bits that the prefix fixes, within the 128; those above an IPv4 address are always fixed.
fn mask(family: Family, prefix: u8) -> u128 {
    let free = u32::from(family.bits().saturating_sub(prefix));
    if free >= 128 { 0 } else { u128::MAX << free }
}

/// From one address to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The first.
    pub first: u128,
    /// The last.
    pub last: u128,
}

impl Range {
    /// Whether an address is in it.
    pub fn contains(self, address: u128) -> bool {
        (self.first..=self.last).contains(&address)
    }

    /// Whether the two have an address in common.
    pub fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// How many units of this size are in it.
    pub fn units(self, family: Family, unit_prefix: u8) -> u128 {
        let size = unit_size(family, unit_prefix);
        let first = self.first.div_ceil(size);
        let end = (self.last / size) + u128::from(self.last % size == size - 1);
        end.saturating_sub(first)
    }
}

/// How many addresses a unit has; a family's whole internet counts as the most there is.
pub(crate) fn unit_size(family: Family, unit_prefix: u8) -> u128 {
    let free = u32::from(family.bits().saturating_sub(unit_prefix));
    1_u128.checked_shl(free).unwrap_or(u128::MAX)
}

/// The address that a unit is known by: its only one, or the first that a machine in it can have.
pub(crate) fn face_of(unit: u128, family: Family, unit_prefix: u8) -> u128 {
    if unit_prefix < family.bits() { unit + 1 } else { unit }
}

/// An address as a number.
pub(crate) fn number_of(text: &str) -> Option<(Family, u128)> {
    match text.trim().parse::<IpAddr>().ok()? {
        IpAddr::V4(ip) => Some((Family::V4, u128::from(ip.to_ipv6_mapped()))),
        IpAddr::V6(ip) => Some((Family::V6, u128::from(ip))),
    }
}

/// A number as people write the address.
pub(crate) fn text_of(address: u128) -> String {
    let ip = Ipv6Addr::from(address);
    ip.to_ipv4_mapped().map_or_else(|| ip.to_string(), |ip: Ipv4Addr| ip.to_string())
}

/// A number as it is stored: 32 digits, so that the order of texts is the order of addresses.
pub(crate) fn key_of(address: u128) -> String {
    format!("{address:032x}")
}

/// Reads [`key_of`].
pub(crate) fn address_of_key(key: &str) -> Option<u128> {
    u128::from_str_radix(key, 16).ok()
}

/// The next `count` units of a range from `next` on that nobody has, and where to go on the next time. `taken` are the
/// faces of the units from `next` on that somebody has or that were set aside.
pub(crate) fn next_units(
    range: Range,
    (family, unit_prefix): (Family, u8),
    next: u128,
    skip: impl Fn(u128) -> bool,
    count: usize,
) -> (Vec<u128>, u128) {
    let size = unit_size(family, unit_prefix);
    let mut units = Vec::new();
    let mut unit = next.max(range.first).div_ceil(size).saturating_mul(size);
    while units.len() < count && unit.checked_add(size - 1).is_some_and(|end| end <= range.last) {
        if !skip(face_of(unit, family, unit_prefix)) {
            units.push(unit);
        }
        let Some(after) = unit.checked_add(size) else { break };
        unit = after;
    }
    (units, unit)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

    use super::*;

    fn at(text: &str) -> u128 {
        number_of(text).unwrap().1
    }

    fn range(first: &str, last: &str) -> Range {
        Range { first: at(first), last: at(last) }
    }

    #[test]
    fn networks_are_read_and_begin_with_their_first_address() {
        let network = Network::parse("192.0.2.0/24").unwrap();
        assert_eq!(network.whole(), range("192.0.2.0", "192.0.2.255"));
        assert_eq!(network.usable(), range("192.0.2.1", "192.0.2.254"));
        assert_eq!(network.to_string(), "192.0.2.0/24");
        assert_eq!(Network::parse("192.0.2.6/31").unwrap().usable(), range("192.0.2.6", "192.0.2.7"));
        let six = Network::parse("2001:db8::/32").unwrap();
        assert_eq!(six.usable(), range("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"));
        assert_eq!(Network::parse("0.0.0.0/0").unwrap().whole(), range("0.0.0.0", "255.255.255.255"));
        assert!(Network::parse("::/0").is_ok());
        for bad in
            ["", "192.0.2.0", "192.0.2.1/24", "192.0.2.0/33", "2001:db8::1/64", "::/129", "a/8", "10/8"]
        {
            assert_eq!(Network::parse(bad), Err(BadNetwork), "{bad}");
        }
    }

    #[test]
    fn units_are_counted_whole() {
        // 254 addresses; 256 networks of 64 in a 56; none where no whole one fits.
        let four = Network::parse("192.0.2.0/24").unwrap();
        assert_eq!(four.usable().units(Family::V4, 32), 254);
        let six = Network::parse("2001:db8::/56").unwrap();
        assert_eq!(six.usable().units(Family::V6, 64), 256);
        assert_eq!(range("2001:db8::1", "2001:db8::ffff").units(Family::V6, 64), 0);
        assert_eq!(range("2001:db8::1", "2001:db8:0:2::").units(Family::V6, 64), 1);
    }

    #[test]
    fn the_next_ones_pass_over_what_is_taken_and_end_with_the_range() {
        let range = range("192.0.2.10", "192.0.2.13");
        let taken = at("192.0.2.11");
        let (units, next) = next_units(range, (Family::V4, 32), 0, |it| it == taken, 2);
        assert_eq!(units, [at("192.0.2.10"), at("192.0.2.12")]);
        assert_eq!(next, at("192.0.2.13"));
        let (units, next) = next_units(range, (Family::V4, 32), next, |_| false, 5);
        assert_eq!(units, [at("192.0.2.13")]);
        assert_eq!(next_units(range, (Family::V4, 32), next, |_| false, 1).0, []);
    }

    #[test]
    fn a_network_for_each_is_known_by_its_first_usable_address() {
        let range = Network::parse("2001:db8::/56").unwrap().usable();
        let (units, next) = next_units(range, (Family::V6, 64), 0, |_| false, 2);
        let faces: Vec<String> = units.iter().map(|it| text_of(face_of(*it, Family::V6, 64))).collect();
        assert_eq!(faces, ["2001:db8::1", "2001:db8:0:1::1"]);
        assert_eq!(next, at("2001:db8:0:2::"));
    }

    #[test]
    fn the_very_last_address_does_not_overflow() {
        let range = Range { first: u128::MAX - 1, last: u128::MAX };
        let (units, next) = next_units(range, (Family::V6, 128), 0, |_| false, 9);
        assert_eq!(units, [u128::MAX - 1, u128::MAX]);
        assert_eq!(next_units(range, (Family::V6, 128), next, |it| it == u128::MAX, 9).0, []);
    }

    proptest! {
        #[test]
        fn keys_keep_the_order_and_come_back(a in any::<u128>(), b in any::<u128>()) {
            prop_assert_eq!(key_of(a).cmp(&key_of(b)), a.cmp(&b));
            prop_assert_eq!(address_of_key(&key_of(a)), Some(a));
            prop_assert_eq!(number_of(&text_of(a)).map(|it| it.1), Some(a));
        }

        #[test]
        fn nothing_is_given_twice_and_nothing_outside(
            count in 1..20_usize, rounds in 1..8_usize, prefix in 24..=32_u8, blocked in 0..255_u8,
        ) {
            let network = Network::parse("192.0.2.0/24").unwrap();
            let range = network.usable();
            let aside = at(&format!("192.0.2.{blocked}"));
            let (mut next, mut given) = (0, Vec::new());
            for _ in 0..rounds {
                let (units, after) = next_units(range, (Family::V4, prefix), next, |it| it == aside, count);
                given.extend(units);
                next = after;
            }
            let mut sorted = given.clone();
            sorted.sort_unstable();
            sorted.dedup();
            prop_assert_eq!(sorted.len(), given.len());
            let size = unit_size(Family::V4, prefix);
            prop_assert!(given.iter().all(|it| range.contains(*it) && range.contains(it + size - 1)));
            prop_assert!(given.iter().all(|it| face_of(*it, Family::V4, prefix) != aside));
        }
    }
}
