//! Address pools, and who has which address.
//!
//! An address has a row once it was given away or set aside; before that it is a number between two others. It belongs
//! to one service at a time: its key is unique, and pools do not overlap. Given back, it is in quarantine, unless nobody
//! ever used it.

mod arithmetic;
pub mod save;
pub(crate) mod store;
pub(crate) mod take;

pub use arithmetic::{BadNetwork, Family, Network, Range};
pub use save::{PoolForm, block_address, pool_counts, save_pool, set_reverse_dns, unblock_address};
pub use store::{addresses_of, find_pool, pools};

coded! {
    /// Whether a pool gives addresses away.
    PoolMode {
        /// It does.
        Enabled = "enabled",
        /// What was given away stays; nothing new is.
        Disabled = "disabled",
    }
}

/// What people may change about a pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolDetails {
    /// Unique, for people.
    pub name: String,
    /// The network that its addresses are in.
    pub network: Network,
    /// Which of them are given away.
    pub range: Range,
    /// The length of the prefix that one service gets: 32 or 128 for one address.
    pub unit_prefix: u8,
    /// As people write it; empty for none.
    pub gateway: String,
    /// Name servers, a space between them.
    pub dns: String,
    /// Where it is routed; none for everywhere.
    pub region_id: Option<i64>,
    /// The servers it is for; none named for all of its region.
    pub servers: Vec<i64>,
    /// Whether it gives addresses away.
    pub mode: PoolMode,
}

/// A pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pool {
    /// Identity.
    pub id: i64,
    /// The rest.
    pub details: PoolDetails,
    /// The first unit that was never given away; after the range when there is none left.
    pub next: u128,
    /// Counts the changes.
    pub version: i64,
}

impl Pool {
    /// Whether it serves a server that stands there.
    pub fn serves(&self, server_id: i64, region_id: Option<i64>) -> bool {
        if !self.details.servers.is_empty() {
            return self.details.servers.contains(&server_id);
        }
        self.details.region_id.is_none() || self.details.region_id == region_id
    }
}

/// An address, or a network of its own, that a service has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assigned {
    /// Its row.
    pub id: i64,
    /// As people write it.
    pub address: String,
    /// Which pool it is from.
    pub pool_id: i64,
    /// The length of the prefix of the network it is in.
    pub prefix: u8,
    /// That network's gateway.
    pub gateway: Option<String>,
    /// That network's name servers, a space between them.
    pub dns: String,
    /// What it is called backwards.
    pub reverse_dns: String,
}

impl Assigned {
    /// As a driver is told.
    pub fn for_driver(&self) -> bursar_hosting::Address {
        bursar_hosting::Address {
            ip: self.address.clone(),
            prefix: self.prefix,
            gateway: self.gateway.clone(),
        }
    }

    /// Which family it is of.
    pub fn family(&self) -> Family {
        if self.address.contains(':') { Family::V6 } else { Family::V4 }
    }
}

/// The first and the last address of a range as people write them.
pub(crate) fn range_texts(range: Range) -> (String, String) {
    (arithmetic::text_of(range.first), arithmetic::text_of(range.last))
}

/// The keys between which the addresses are that a search means: a whole address, or the beginning of an IPv4 one.
pub(crate) fn number_of_text(text: &str) -> Option<(String, String)> {
    let text = text.trim().trim_end_matches('.');
    if let Some((_, address)) = arithmetic::number_of(text) {
        return Some((arithmetic::key_of(address), arithmetic::key_of(address)));
    }
    let parts: Vec<&str> = text.split('.').collect();
    if parts.len() > 3 {
        return None;
    }
    let filled = |with: &str| {
        let missing = std::iter::repeat_n(with, 4 - parts.len());
        let whole: Vec<&str> = parts.iter().copied().chain(missing).collect();
        arithmetic::number_of(&whole.join(".")).map(|(_, address)| arithmetic::key_of(address))
    };
    Some((filled("0")?, filled("255")?))
}

#[cfg(test)]
mod tests {
    use super::number_of_text;

    #[test]
    fn a_search_means_an_address_or_the_beginning_of_one() {
        let key = |text: &str| {
            number_of_text(text).map(|(first, last)| (first[24..].to_owned(), last[24..].to_owned()))
        };
        assert_eq!(key("192.0.2.7"), Some(("c0000207".into(), "c0000207".into())));
        assert_eq!(key("192.0."), Some(("c0000000".into(), "c000ffff".into())));
        assert_eq!(key("2001:db8::1"), Some(("00000001".into(), "00000001".into())));
        for nothing in ["", "abc", "1.2.3.4.5", "300"] {
            assert_eq!(key(nothing), None, "{nothing}");
        }
    }
}
