//! Making pools, setting addresses aside, naming them.

use std::collections::BTreeMap;

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use serde_json::{Value, json};

use super::arithmetic::{face_of, key_of, number_of, text_of, unit_size};
use super::{Network, Pool, PoolDetails, PoolMode, Range, store};
use crate::check::Check;
use crate::error::InventoryError;
use crate::permissions::ADDRESS_EDIT;

const NAME_TAKEN: &str = "Another pool has this name; choose another one.";

/// A pool as people type it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PoolForm {
    /// Unique, for people.
    pub name: String,
    /// `192.0.2.0/24`.
    pub network: String,
    /// The first address to give away; empty for the first usable one.
    pub first: String,
    /// The last; empty for the last usable one.
    pub last: String,
    /// The prefix that one service gets; empty for one address.
    pub unit_prefix: String,
    /// The network's gateway; empty for none.
    pub gateway: String,
    /// Name servers with spaces or commas between them.
    pub dns: String,
    /// Where it is routed.
    pub region_id: Option<i64>,
    /// The servers it is for.
    pub servers: Vec<i64>,
    /// Whether it gives addresses away.
    pub mode: Option<PoolMode>,
}

impl PoolForm {
    /// What was typed as a pool, or what is wrong with it.
    ///
    /// # Errors
    /// [`InventoryError::Invalid`].
    pub fn read(&self) -> Result<PoolDetails, InventoryError> {
        let mut wrong = Check::default();
        let name = self.name.trim().to_owned();
        wrong.name("name", &name);
        let Ok(network) = Network::parse(&self.network) else {
            let how = "Write the network with its first address, like 192.0.2.0/24 or 2001:db8::/48.";
            wrong.fail("network", how);
            wrong.finish()?;
            return Err(InventoryError::field("network", how));
        };
        let usable = network.usable();
        let range = Range {
            first: bound(&mut wrong, "first", &self.first, network, usable.first),
            last: bound(&mut wrong, "last", &self.last, network, usable.last),
        };
        if range.first > range.last {
            wrong.fail("last", "The last address comes before the first one.");
        }
        let unit_prefix = unit_of(&mut wrong, &self.unit_prefix, network);
        if range.first <= range.last && range.units(network.family, unit_prefix) == 0 {
            wrong.fail("unit_prefix", "Nothing of this size fits between the first and the last address.");
        }
        let gateway = self.gateway.trim().to_owned();
        if !gateway.is_empty() && number_of(&gateway).is_none_or(|(family, _)| family != network.family) {
            wrong.fail("gateway", format!("Write an {} address, or nothing.", network.family));
        }
        let dns: Vec<&str> =
            self.dns.split([' ', ',', '\n', '\r', '\t']).filter(|it| !it.is_empty()).collect();
        if dns.iter().any(|it| number_of(it).is_none()) || dns.len() > 4 {
            wrong.fail("dns", "Write at most four IP addresses of name servers, a space between them.");
        }
        wrong.finish()?;
        Ok(PoolDetails {
            name,
            network,
            range,
            unit_prefix,
            gateway,
            dns: dns.join(" "),
            region_id: self.region_id,
            servers: self.servers.clone(),
            mode: self.mode.unwrap_or(PoolMode::Enabled),
        })
    }
}

fn bound(wrong: &mut Check, field: &'static str, text: &str, network: Network, otherwise: u128) -> u128 {
    if text.trim().is_empty() {
        return otherwise;
    }
    match number_of(text) {
        Some((family, address)) if family == network.family && network.whole().contains(address) => address,
        Some(_) | None => {
            wrong.fail(field, format!("Write an address of {network}, or nothing."));
            otherwise
        }
    }
}

fn unit_of(wrong: &mut Check, text: &str, network: Network) -> u8 {
    let bits = network.family.bits();
    if text.trim().is_empty() {
        return bits;
    }
    match text.trim().trim_start_matches('/').parse::<u8>() {
        Ok(prefix) if (network.prefix..=bits).contains(&prefix) => prefix,
        Ok(_) | Err(_) => {
            let how = format!("Write a prefix length from {} to {bits}, or nothing.", network.prefix);
            wrong.fail("unit_prefix", how);
            bits
        }
    }
}

/// Makes a pool, or saves the one with this id over the version that was seen. What was given away of it must stay in it,
/// and no address may be in two pools.
///
/// # Errors
/// [`InventoryError`].
pub async fn save_pool(cx: &Cx, stored: Option<(i64, i64)>, form: PoolForm) -> Result<i64, InventoryError> {
    cx.require(ADDRESS_EDIT)?;
    let details = form.read()?;
    cx.write(async move |tx: &mut Tx| {
        let own = stored.map(|(id, _)| id);
        refuse_clashes(tx, own, &details).await?;
        let taken = |fault| InventoryError::or_taken(fault, "name", NAME_TAKEN);
        let (id, before) = match stored {
            None => (insert(tx, &details).await.map_err(taken)?, None),
            Some((id, seen)) => {
                let before = get(tx, id).await?;
                refuse_loss(tx, &before, &details).await?;
                update(tx, id, seen, &details).await?;
                (id, Some(shown(&before.details)))
            }
        };
        tx.exec(&store::DROP_SERVERS, params![id]).await?;
        for server in &details.servers {
            tx.exec(&store::PUT_SERVER, params![id, *server]).await?;
        }
        record(tx, &format!("ip_pool:{id}"), before, Some(shown(&details))).await?;
        Ok(id)
    })
    .await
}

async fn get(tx: &mut Tx, id: i64) -> Result<Pool, InventoryError> {
    store::find_pool(tx, id).await?.ok_or(InventoryError::NotFound("pool"))
}

async fn refuse_clashes(tx: &mut Tx, own: Option<i64>, d: &PoolDetails) -> Result<(), InventoryError> {
    let others = store::pools(tx).await?;
    for other in others.iter().filter(|other| Some(other.id) != own) {
        if other.details.name == d.name {
            return Err(InventoryError::field("name", NAME_TAKEN));
        }
        if other.details.range.overlaps(d.range) {
            let name = &other.details.name;
            let why = format!("The pool {name} has addresses of this range. An address is in one pool only.");
            return Err(InventoryError::field("network", why));
        }
    }
    Ok(())
}

/// A pool that has given something away keeps its family and the size of what it gives, and everything it gave.
async fn refuse_loss(tx: &mut Tx, before: &Pool, d: &PoolDetails) -> Result<(), InventoryError> {
    let (first, last) = (key_of(d.range.first), key_of(d.range.last));
    let outside: i64 =
        tx.query_one(&store::OUTSIDE, params![before.id, &first, &last], |row| row.get(0)).await?;
    if outside > 0 {
        let why = format!("{outside} addresses outside of this range were given away or set aside.");
        return Err(InventoryError::field("network", why));
    }
    let in_use: i64 = tx.query_one(&store::IN_USE, params![before.id], |row| row.get(0)).await?;
    let is_same =
        before.details.network.family == d.network.family && before.details.unit_prefix == d.unit_prefix;
    if in_use > 0 && !is_same {
        let why = format!("{in_use} were given away already; make another pool for another size.");
        return Err(InventoryError::field("unit_prefix", why));
    }
    Ok(())
}

async fn insert(tx: &mut Tx, d: &PoolDetails) -> Result<i64, Fault> {
    let (id, now) = (tx.new_raw_id()?, tx.now());
    let network = d.network.to_string();
    let (first, last) = (key_of(d.range.first), key_of(d.range.last));
    let values = params![
        &d.name,
        &network,
        d.unit_prefix,
        &first,
        &last,
        &d.gateway,
        &d.dns,
        d.region_id,
        d.mode.code(),
        id,
        d.network.family.number(),
        d.network.prefix,
        now
    ];
    tx.exec(&store::INSERT, values).await?;
    Ok(id)
}

async fn update(tx: &mut Tx, id: i64, seen: i64, d: &PoolDetails) -> Result<(), InventoryError> {
    let network = d.network.to_string();
    let (first, last) = (key_of(d.range.first), key_of(d.range.last));
    let values = params![
        &d.name,
        &network,
        d.unit_prefix,
        &first,
        &last,
        &d.gateway,
        &d.dns,
        d.region_id,
        d.mode.code(),
        d.network.prefix,
        id,
        seen
    ];
    let taken = |fault| InventoryError::or_taken(fault, "name", NAME_TAKEN);
    match tx.exec(&store::UPDATE, values).await.map_err(taken)? {
        1 => Ok(()),
        _ => Err(InventoryError::Changed),
    }
}

/// How many of a pool's units are in each state; `free` is what was never given away or has rested.
///
/// # Errors
/// Faults of the database.
pub async fn pool_counts(tx: &mut Tx, pool: &Pool) -> Result<BTreeMap<String, u128>, Fault> {
    let rows = tx
        .query(&store::COUNTS, params![pool.id], |row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?)))
        .await?;
    let mut counts: BTreeMap<String, u128> = BTreeMap::new();
    for (state, count) in rows {
        counts.insert(state, u128::try_from(count).unwrap_or_default());
    }
    let (d, family) = (&pool.details, pool.details.network.family);
    let gateway = number_of(&d.gateway).filter(|(_, number)| {
        let size = unit_size(family, d.unit_prefix);
        d.range.contains(*number) && face_of(number - number % size, family, d.unit_prefix) == *number
    });
    let all = d.range.units(family, d.unit_prefix).saturating_sub(u128::from(gateway.is_some()));
    let gone: u128 = counts.values().sum();
    counts.insert("free".to_owned(), all.saturating_sub(gone));
    counts.insert("all".to_owned(), all);
    Ok(counts)
}

/// Sets an address aside: a router's, a monitor's. In a pool of networks the network that it is in.
///
/// # Errors
/// [`InventoryError`].
pub async fn block_address(
    cx: &Cx,
    pool_id: i64,
    address: String,
    note: String,
) -> Result<(), InventoryError> {
    cx.require(ADDRESS_EDIT)?;
    let mut check = Check::default();
    check.line("note", &note, 200);
    check.finish()?;
    cx.write(async move |tx: &mut Tx| {
        let pool = get(tx, pool_id).await?;
        let (family, unit_prefix) = (pool.details.network.family, pool.details.unit_prefix);
        let number = number_of(&address)
            .filter(|(of, number)| *of == family && pool.details.range.contains(*number))
            .map(|(_, number)| number);
        let Some(number) = number else {
            return Err(InventoryError::field("address", "Write an address of this pool."));
        };
        let size = unit_size(family, unit_prefix);
        let face = face_of(number - number % size, family, unit_prefix);
        let (key, text, now) = (key_of(face), text_of(face), tx.now());
        let row = tx
            .query_opt(&store::BY_KEY, params![&key], |row| Ok((row.get::<i64>(0)?, row.get::<String>(1)?)))
            .await?;
        match row {
            None => {
                let id = tx.new_raw_id()?;
                tx.exec(&store::BLOCK, params![id, &key, &text, pool_id, &note, now]).await?;
            }
            Some((_, state)) if state == "assigned" => {
                return Err(InventoryError::field("address", "A service has this address."));
            }
            Some((id, _)) => {
                tx.exec_one(&store::BLOCK_AGAIN, params![&note, now, id]).await?;
            }
        }
        let subject = format!("ip_address:{text}");
        record(tx, &subject, None, Some(json!({ "state": "blocked", "note": note }))).await?;
        Ok(())
    })
    .await
}

/// An address that was set aside may be given away again.
///
/// # Errors
/// [`InventoryError`].
pub async fn unblock_address(cx: &Cx, id: i64) -> Result<(), InventoryError> {
    cx.require(ADDRESS_EDIT)?;
    cx.write(async move |tx: &mut Tx| {
        let now = tx.now();
        if tx.exec(&store::UNBLOCK, params![now, id]).await? != 1 {
            return Err(InventoryError::NotFound("address that was set aside"));
        }
        record(tx, &format!("ip_address:{id}"), None, Some(json!({ "state": "free" }))).await?;
        Ok(())
    })
    .await
}

/// Says what the address of a service is called backwards. Whoever runs the zone reads it here.
///
/// # Errors
/// [`InventoryError`].
pub async fn set_reverse_dns(cx: &Cx, id: i64, name: String) -> Result<(), InventoryError> {
    cx.require(ADDRESS_EDIT)?;
    let name = name.trim().trim_end_matches('.').to_ascii_lowercase();
    if !name.is_empty() && !is_host_name(&name) {
        let how = "Write a whole host name such as mail.example.com, or nothing.";
        return Err(InventoryError::field("reverse_dns", how));
    }
    cx.write(async move |tx: &mut Tx| {
        if tx.exec(&store::SET_REVERSE, params![&name, id]).await? != 1 {
            return Err(InventoryError::NotFound("address of a service"));
        }
        record(tx, &format!("ip_address:{id}"), None, Some(json!({ "reverse_dns": name }))).await?;
        Ok(())
    })
    .await
}

fn is_host_name(name: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name.len() <= 253 && name.contains('.') && name.split('.').all(label)
}

fn shown(d: &PoolDetails) -> Value {
    json!({
        "name": d.name, "network": d.network.to_string(), "first": text_of(d.range.first),
        "last": text_of(d.range.last), "unit_prefix": d.unit_prefix, "gateway": d.gateway, "dns": d.dns,
        "region": d.region_id, "servers": d.servers, "mode": d.mode,
    })
}

async fn record(
    tx: &mut Tx,
    subject: &str,
    before: Option<Value>,
    after: Option<Value>,
) -> Result<(), Fault> {
    bursar_audit::record(tx, Audit { action: ADDRESS_EDIT, subject, before, after }).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(form: &PoolForm) -> Vec<String> {
        match form.read() {
            Ok(_) => Vec::new(),
            Err(InventoryError::Invalid(fields)) => {
                fields.into_iter().map(|it| it.field.into_owned()).collect()
            }
            Err(other) => panic!("{other}"),
        }
    }

    fn form(network: &str) -> PoolForm {
        PoolForm { name: "Front".to_owned(), network: network.to_owned(), ..PoolForm::default() }
    }

    #[test]
    fn a_network_alone_is_a_pool_of_its_usable_addresses() {
        let pool = form("192.0.2.0/24").read().unwrap();
        assert_eq!(text_of(pool.range.first), "192.0.2.1");
        assert_eq!(text_of(pool.range.last), "192.0.2.254");
        assert_eq!(pool.unit_prefix, 32);
        let dns = PoolForm { dns: "192.0.2.53,2001:db8::53".to_owned(), ..form("2001:db8::/48") };
        assert_eq!(dns.read().unwrap().dns, "192.0.2.53 2001:db8::53");
    }

    #[test]
    fn what_cannot_be_is_named_beside_its_field() {
        let typed = |change: fn(&mut PoolForm)| {
            let mut form = form("192.0.2.0/24");
            change(&mut form);
            fields(&form)
        };
        assert_eq!(fields(&form("192.0.2.1/24")), ["network"]);
        assert_eq!(typed(|it| it.name.clear()), ["name"]);
        assert_eq!(typed(|it| it.first = "198.51.100.1".into()), ["first"]);
        assert_eq!(typed(|it| it.last = "2001:db8::1".into()), ["last"]);
        assert_eq!(typed(|it| (it.first, it.last) = ("192.0.2.9".into(), "192.0.2.8".into())), ["last"]);
        assert_eq!(typed(|it| it.unit_prefix = "16".into()), ["unit_prefix"]);
        assert_eq!(typed(|it| it.unit_prefix = "24".into()), ["unit_prefix"], "the ends are not usable");
        assert_eq!(typed(|it| it.gateway = "2001:db8::1".into()), ["gateway"]);
        assert_eq!(typed(|it| it.dns = "dns.example.com".into()), ["dns"]);
    }

    #[test]
    fn host_names_have_labels() {
        for good in ["mail.example.com", "a-b.example", "1.2.example"] {
            assert!(is_host_name(good), "{good}");
        }
        for bad in ["localhost", "-a.example", "a..example", "a_b.example", "a.example/x"] {
            assert!(!is_host_name(bad), "{bad}");
        }
    }
}
