//! The lists of the inventory.

use std::collections::BTreeMap;

use bursar_db::{Statement, Tx, params};
use bursar_fault::Fault;
use bursar_web::{Button, Column, Filter, Lens, Reading, Resource, Sort, paths};

use crate::addresses::number_of_text;
use crate::permissions::{
    ADDRESS_EDIT, ADDRESS_VIEW, MACHINE_EDIT, MACHINE_VIEW, PLAN_EDIT, PLAN_VIEW, SERVER_EDIT, SERVER_VIEW,
};
use crate::{addresses, groups as group_store, hardware, regions as region_store, servers as server_store};

bursar_db::statements! {
    /// Groups by a part of their name.
    pub(crate) GROUPS = "SELECT id FROM inventory_groups WHERE name {like} $1 ESCAPE '!' ORDER BY name, id LIMIT $2";
    /// Pools by a part of their name.
    pub(crate) POOLS = "SELECT id FROM inventory_pools WHERE name {like} $1 ESCAPE '!' ORDER BY name, id LIMIT $2";
}

const SECTION: &str = "Servers";

pub(super) fn servers() -> Resource {
    Resource::new("servers", "Servers", paths!("/admin/servers"), SERVER_VIEW)
        .described("server", "Panels and nodes that services are made on.")
        .in_nav(SECTION, 400)
        .from("inventory_servers AS s", "s.id")
        .opens("/admin/servers/")
        .columns(vec![
            Column::text("name", "Server", "s.name").opens(),
            Column::word("driver", "Driver", "s.driver"),
            Column::named("region", "Region", "s.region_id", regions_named).to("/admin/regions/"),
            Column::badge("mode", "Mode", "s.mode"),
            Column::badge("health", "Health", "s.health"),
            Column::number(
                "seats",
                "Services",
                "(SELECT t.taken FROM inventory_seats AS t WHERE t.server_id = s.id)",
            ),
            Column::number("limit", "At most", "s.seat_limit"),
            Column::instant(
                "checked",
                "Asked",
                "(SELECT h.checked_at FROM inventory_health AS h WHERE h.server_id = s.id)",
            ),
            Column::number("weight", "Weight", "s.weight").extra(),
            Column::instant("created", "Since", "s.created_at").sorts("newest").extra(),
        ])
        .filters(vec![
            Filter::exact("driver", "Driver", "s.driver"),
            Filter::id("region", "Region number", "s.region_id"),
        ])
        .sorts(vec![Sort::text("name", "Name", "s.name")])
        .lenses(vec![
            Lens::new("", "All", "", &["name", "newest"]),
            Lens::new("unwell", "Not well", "s.health IN ('warning', 'refused', 'down')", &["newest"])
                .counted(),
            Lens::new("idle", "Draining or disabled", "s.mode <> 'enabled'", &["newest"]),
        ])
        .search("Name", |tx, text, limit| like(tx, &server_store::store::SEARCH, text, limit))
        .button(Button {
            label: "Add server",
            icon: "plus",
            href: "/admin/servers/new",
            permission: SERVER_EDIT,
        })
        .empty(
            "No servers yet",
            "Add the first panel or node. Then put it into a group, and say which products are made on it.",
        )
}

pub(super) fn groups() -> Resource {
    Resource::new("server-groups", "Server groups", paths!("/admin/server-groups"), SERVER_VIEW)
        .described("list-details", "Servers that products are put on, and how they fill.")
        .in_nav(SECTION, 405)
        .from("inventory_groups AS g", "g.id")
        .opens("/admin/server-groups/")
        .columns(vec![
            Column::text("name", "Group", "g.name").opens(),
            Column::word("driver", "Driver", "g.driver"),
            Column::word("fill", "Fills", "g.fill"),
            Column::number(
                "servers",
                "Servers",
                "(SELECT COUNT(*) FROM inventory_group_servers AS m WHERE m.group_id = g.id)",
            ),
            Column::instant("created", "Since", "g.created_at").sorts("newest").extra(),
        ])
        .filters(vec![Filter::exact("driver", "Driver", "g.driver")])
        .sorts(vec![Sort::text("name", "Name", "g.name")])
        .lenses(vec![Lens::new("", "All", "", &["name", "newest"])])
        .search("Name", |tx, text, limit| like(tx, &GROUPS, text, limit))
        .button(Button {
            label: "New group",
            icon: "plus",
            href: "/admin/server-groups/new",
            permission: SERVER_EDIT,
        })
        .empty("No groups yet", "Make a group of servers of one driver. Plan maps put products on groups.")
}

pub(super) fn plan_maps() -> Resource {
    Resource::new("plan-maps", "Plan maps", paths!("/admin/plan-maps"), PLAN_VIEW)
        .described("adjustments", "What products are made from.")
        .in_nav(SECTION, 410)
        .from("inventory_plan_maps AS m", "m.id")
        .opens("/admin/plan-maps/")
        .columns(vec![
            Column::named("product", "Product", "m.product_id", products).opens(),
            Column::number("number", "Map", "m.id").opens().extra(),
            Column::word("driver", "Driver", "m.driver"),
            Column::named("group", "Group", "m.group_id", groups_named).to("/admin/server-groups/"),
            Column::named("region", "Region", "m.region_id", regions_named).to("/admin/regions/"),
            Column::number("ipv4", "IPv4", "m.ipv4_count"),
            Column::number("ipv6", "IPv6", "m.ipv6_count"),
            Column::text("model", "Machine model", "m.model").extra(),
            Column::number(
                "choices",
                "Options",
                "(SELECT COUNT(*) FROM inventory_plan_choices AS c WHERE c.map_id = m.id)",
            ),
            Column::instant("created", "Since", "m.created_at").sorts("newest").extra(),
        ])
        .filters(vec![
            Filter::id("product", "Product number", "m.product_id"),
            Filter::id("group", "Group number", "m.group_id"),
        ])
        .lenses(vec![Lens::new("", "All", "", &["newest"])])
        .button(Button {
            label: "New map",
            icon: "plus",
            href: "/admin/plan-maps/new",
            permission: PLAN_EDIT,
        })
        .empty(
            "No plan maps yet",
            "Say what a product is made from: driver, group, and the plan on the panel.",
        )
}

pub(super) fn pools() -> Resource {
    Resource::new("ip-pools", "IP pools", paths!("/admin/ip-pools"), ADDRESS_VIEW)
        .described("world", "Where services get their addresses from.")
        .in_nav(SECTION, 415)
        .from("inventory_pools AS p", "p.id")
        .opens("/admin/ip-pools/")
        .columns(vec![
            Column::text("name", "Pool", "p.name").opens().note("p.network"),
            Column::number("family", "IP version", "p.family"),
            Column::named("region", "Region", "p.region_id", regions_named).to("/admin/regions/"),
            Column::badge("mode", "Mode", "p.mode"),
            Column::number(
                "assigned",
                "In use",
                "(SELECT COUNT(*) FROM inventory_addresses AS a WHERE a.pool_id = p.id AND a.state = 'assigned')",
            ),
            Column::text("gateway", "Gateway", "p.gateway").extra(),
            Column::instant("created", "Since", "p.created_at").sorts("newest").extra(),
        ])
        .filters(vec![Filter::id("region", "Region number", "p.region_id")])
        .sorts(vec![Sort::text("name", "Name", "p.name")])
        .lenses(vec![Lens::new("", "All", "", &["name", "newest"])])
        .search("Name", |tx, text, limit| like(tx, &POOLS, text, limit))
        .button(Button { label: "New pool", icon: "plus", href: "/admin/ip-pools/new", permission: ADDRESS_EDIT })
        .empty("No pools yet", "Add a network, for drivers that take addresses of ours.")
}

pub(super) fn addresses() -> Resource {
    Resource::new("ip-addresses", "IP addresses", paths!("/admin/ip-addresses"), ADDRESS_VIEW)
        .described("list-details", "Addresses that were given away or set aside.")
        .in_nav(SECTION, 416)
        .from("inventory_addresses AS a", "a.id")
        .opens("/admin/ip-addresses/")
        .columns(vec![
            Column::text("address", "Address", "a.address").opens(),
            Column::named("pool", "Pool", "a.pool_id", pools_named).to("/admin/ip-pools/"),
            Column::badge("state", "State", "a.state"),
            Column::number("service", "Service", "a.service_id").to("/admin/services/"),
            Column::text("reverse", "Backwards", "a.reverse_dns"),
            Column::text("note", "Note", "a.note"),
            Column::instant("free", "Free from", "a.free_at"),
            Column::instant("changed", "Changed", "a.changed_at").extra(),
        ])
        .filters(vec![
            Filter::id("pool", "Pool number", "a.pool_id"),
            Filter::id("service", "Service number", "a.service_id"),
            Filter::text("reverse", "Backwards contains", "a.reverse_dns"),
        ])
        .sorts(vec![Sort::text("address", "Address", "a.address_key")])
        .lenses(vec![
            Lens::new("", "All", "", &["address", "newest"]),
            Lens::new("assigned", "In use", "a.state = 'assigned'", &["address"]),
            Lens::new("quarantined", "In quarantine", "a.state = 'quarantined'", &["address"]),
            Lens::new("blocked", "Set aside", "a.state = 'blocked'", &["address"]),
        ])
        .search("Address", find_address)
        .empty("No addresses yet", "An address appears here once a service has it, or somebody set it aside.")
}

pub(super) fn machines() -> Resource {
    Resource::new("machines", "Machines", paths!("/admin/machines"), MACHINE_VIEW)
        .described("device-desktop", "Whole machines: what there is, and whose it is.")
        .in_nav(SECTION, 420)
        .from("inventory_machines AS m", "m.id")
        .opens("/admin/machines/")
        .columns(vec![
            Column::text("label", "Machine", "m.label").opens().note("m.serial"),
            Column::text("model", "Model", "m.model"),
            Column::badge("state", "State", "m.state"),
            Column::named("region", "Region", "m.region_id", regions_named).to("/admin/regions/"),
            Column::number("service", "Service", "m.service_id").to("/admin/services/"),
            Column::named("server", "Panel", "m.server_id", servers_named).to("/admin/servers/").extra(),
            Column::text("specification", "What is in it", "m.specification").extra(),
            Column::instant("created", "Since", "m.created_at").sorts("newest").extra(),
        ])
        .filters(vec![
            Filter::exact("model", "Model", "m.model"),
            Filter::id("region", "Region number", "m.region_id"),
            Filter::id("service", "Service number", "m.service_id"),
        ])
        .sorts(vec![Sort::text("label", "Label", "m.label")])
        .lenses(vec![
            Lens::new("", "All", "", &["label", "newest"]),
            Lens::new("free", "Free", "m.state = 'free'", &["newest"]),
            Lens::new("reserved", "Reserved", "m.state = 'reserved'", &["newest"]),
            Lens::new("in_use", "In use", "m.state = 'in_use'", &["newest"]),
            Lens::new("returned", "To be wiped", "m.state = 'returned'", &["newest"]).counted(),
            Lens::new("broken", "Broken", "m.state = 'broken'", &["newest"]),
        ])
        .search("Label", find_machine)
        .button(Button {
            label: "Waiting list",
            icon: "hourglass",
            href: "/admin/machines/waiting",
            permission: MACHINE_VIEW,
        })
        .button(Button {
            label: "Add machine",
            icon: "plus",
            href: "/admin/machines/new",
            permission: MACHINE_EDIT,
        })
        .empty("No machines yet", "Add the machines that are sold whole, with their model.")
}

pub(super) fn regions() -> Resource {
    Resource::new("regions", "Regions", paths!("/admin/regions"), SERVER_VIEW)
        .described("building", "Where servers, machines and addresses are.")
        .in_nav(SECTION, 425)
        .from("inventory_regions AS r", "r.id")
        .opens("/admin/regions/")
        .columns(vec![
            Column::text("name", "Region", "r.name").opens(),
            Column::text("code", "Code", "r.code"),
            Column::text("country", "Country", "r.country"),
            Column::text("datacentre", "Datacentre", "r.datacentre"),
            Column::number(
                "servers",
                "Servers",
                "(SELECT COUNT(*) FROM inventory_servers AS s WHERE s.region_id = r.id)",
            )
            .extra(),
            Column::instant("created", "Since", "r.created_at").sorts("newest").extra(),
        ])
        .filters(vec![Filter::code("country", "Country", "r.country")])
        .sorts(vec![Sort::number("position", "Position", "r.position")])
        .lenses(vec![Lens::new("", "All", "", &["position", "newest"])])
        .button(Button {
            label: "New region",
            icon: "plus",
            href: "/admin/regions/new",
            permission: SERVER_EDIT,
        })
        .empty("No regions yet", "Regions are needed only when servers stand in more than one place.")
}

async fn names(
    tx: &mut Tx,
    statement: &'static Statement,
    ids: Vec<i64>,
) -> Result<BTreeMap<i64, String>, Fault> {
    let rows = tx.query(statement, params![&ids], |row| Ok((row.get(0)?, row.get(1)?))).await?;
    Ok(rows.into_iter().collect())
}

fn regions_named(tx: &mut Tx, ids: Vec<i64>) -> Reading<'_, BTreeMap<i64, String>> {
    Box::pin(names(tx, &region_store::NAMES, ids))
}

fn groups_named(tx: &mut Tx, ids: Vec<i64>) -> Reading<'_, BTreeMap<i64, String>> {
    Box::pin(names(tx, &group_store::store::NAMES, ids))
}

fn pools_named(tx: &mut Tx, ids: Vec<i64>) -> Reading<'_, BTreeMap<i64, String>> {
    Box::pin(names(tx, &addresses::store::NAMES, ids))
}

fn servers_named(tx: &mut Tx, ids: Vec<i64>) -> Reading<'_, BTreeMap<i64, String>> {
    Box::pin(names(tx, &server_store::store::NAMES, ids))
}

fn products(tx: &mut Tx, ids: Vec<i64>) -> Reading<'_, BTreeMap<i64, String>> {
    Box::pin(async move { bursar_catalog::product_names(tx, &ids).await })
}

fn like<'t>(
    tx: &'t mut Tx,
    statement: &'static Statement,
    text: String,
    limit: i64,
) -> Reading<'t, Vec<i64>> {
    Box::pin(async move {
        let letters = text.trim().replace('!', "!!").replace('%', "!%").replace('_', "!_");
        let pattern = format!("%{letters}%");
        tx.query(statement, params![&pattern, limit], |row| row.get(0)).await
    })
}

fn find_machine(tx: &mut Tx, text: String, limit: i64) -> Reading<'_, Vec<i64>> {
    Box::pin(async move {
        let from = text.trim().to_owned();
        let to = format!("{from}\u{10ffff}");
        tx.query(&hardware::store::SEARCH, params![&from, &to, limit], |row| row.get(0)).await
    })
}

/// A whole address, or the beginning of an IPv4 one.
fn find_address(tx: &mut Tx, text: String, limit: i64) -> Reading<'_, Vec<i64>> {
    Box::pin(async move {
        let Some((first, last)) = number_of_text(&text) else { return Ok(Vec::new()) };
        tx.query(&addresses::store::SEARCH, params![&first, &last, limit], |row| row.get(0)).await
    })
}
