//! Who may depend on whom: apps → modules → kernel; drivers → contracts → pure kernel crates.

use crate::workspace::{Dependency, members, refuse};

/// No runtime, no storage, no network: anybody may use these.
const PURE: &[&str] = &["fault", "ids", "money", "time", "unit"];

/// What a kernel crate may use beside [`PURE`]. The pure ones use nothing, not even each other.
const KERNEL: &[(&str, &[&str])] = &[
    ("fakeserver", &[]),
    ("i18n", &[]),
    ("outbound", &[]),
    ("pdf", &[]),
    ("sqldump", &[]),
    ("vault", &[]),
    ("db", &[]),
    ("context", &["db"]),
    ("audit", &["context", "db"]),
    ("events", &["context", "db"]),
    ("jobs", &["context", "db"]),
    ("mail", &["context", "i18n"]),
    ("web", &["audit", "context", "db", "i18n"]),
    ("app", &["audit", "context", "db", "events", "i18n", "jobs", "mail", "web"]),
    ("testkit", &["context", "db"]),
];

/// What a contract or driver may use of the kernel. The server for fakes is behind a feature of theirs.
const OUTSIDE: &[&str] = &["fakeserver", "fault", "ids", "money", "time", "outbound"];

/// The product's modules, bottom to top. A module may use those on lower lines, never one beside it.
const LINES: &[&[&str]] = &[
    &["tenancy"],
    &["identity"],
    &["customers", "ledger", "messaging"],
    &["catalog", "payments", "metering"],
    &["billing"],
    &["ordering", "inventory"],
    &["provisioning", "domains", "network", "support"],
    &["growth", "storefront"],
    &["reports", "import"],
];

/// Crates at the top: they may use everything, and nothing uses them but each other.
const TOP: &[&str] = &["apps/bursar", "bench", "scenarios", "sim"];

/// Foreign crates that belong to one place.
const KEPT: &[(&str, &[&str])] = &[
    ("rusqlite", &["kernel/db", "bench"]),
    ("tokio-postgres", &["kernel/db", "kernel/testkit", "bench"]),
    ("rcgen", &["kernel/db", "kernel/fakeserver"]),
    ("tokio-postgres-rustls", &["kernel/db"]),
    ("reqwest", &["kernel/outbound"]),
    ("russh", &["kernel/fakeserver", "kernel/outbound"]),
    ("typst", &["kernel/pdf"]),
    ("minijinja", &["kernel/web", "kernel/mail"]),
    ("lettre", &["modules/messaging"]),
];

/// What the pure crates stay free of.
const IMPURE: &[&str] = &["axum", "reqwest", "rusqlite", "tokio", "tokio-postgres"];

/// The line of a module, counted from the bottom.
pub fn line_of(module: &str) -> Option<usize> {
    LINES.iter().position(|line| line.contains(&module))
}

fn kernel_may(from: &str, to: &str) -> bool {
    if PURE.contains(&from) {
        return false;
    }
    let more = KERNEL.iter().find(|(name, _)| *name == from).map_or(&[][..], |(_, more)| more);
    PURE.contains(&to) || more.contains(&to)
}

/// Whether the crate in folder `from` may use the crate in folder `to`.
fn may(from: &str, to: &str, dev: bool) -> bool {
    let (from_layer, from_name) = split(from);
    let (to_layer, to_name) = split(to);
    // A crate's tests may ask for its own features: a driver's, for its fake.
    if dev && from == to {
        return true;
    }
    if TOP.contains(&to) {
        return TOP.contains(&from);
    }
    if TOP.contains(&from) {
        return true;
    }
    // The client is tested against a server that breaks connections on purpose.
    if dev && (from, to) == ("kernel/fakeserver", "kernel/outbound") {
        return true;
    }
    // That no call starts inside a unit of work shows only where both are there.
    if dev && (from, to) == ("kernel/outbound", "kernel/db") {
        return true;
    }
    // Tests may use the test kit everywhere, and the vendor that misbehaves on purpose.
    if to == "kernel/testkit" {
        return dev;
    }
    if dev && from_layer == "modules" && to_layer == "drivers" {
        return to_name.ends_with("/sandbox");
    }
    match (from_layer, to_layer) {
        ("kernel", "kernel") => kernel_may(from_name, to_name),
        ("contracts" | "drivers", "kernel") => OUTSIDE.contains(&to_name),
        ("drivers", "contracts") => from_name.split('/').next() == Some(to_name),
        ("modules", "kernel" | "contracts") => true,
        ("modules", "modules") => match (line_of(from_name), line_of(to_name)) {
            (Some(own), Some(other)) => other < own,
            _ => false,
        },
        _ => false,
    }
}

fn split(folder: &str) -> (&str, &str) {
    folder.split_once('/').unwrap_or((folder, ""))
}

#[test]
fn dependencies_point_one_way() {
    let mut problems = Vec::new();
    for member in members() {
        for dependency in &member.dependencies {
            if let Some(to) = &dependency.folder
                && !may(&member.folder, to, dependency.dev)
            {
                problems.push(format!("{} may not use {to}", member.folder));
            }
        }
    }
    refuse(&problems);
}

#[test]
fn foreign_crates_stay_where_they_belong() {
    let mut problems = Vec::new();
    for member in members() {
        for Dependency { name, .. } in &member.dependencies {
            let kept = KEPT.iter().find(|(kept, _)| kept == name);
            if kept.is_some_and(|(_, homes)| !homes.contains(&member.folder.as_str())) {
                problems.push(format!("{} may not use {name}", member.folder));
            }
            let (layer, own) = split(&member.folder);
            if layer == "kernel" && PURE.contains(&own) && IMPURE.contains(&name.as_str()) {
                problems.push(format!("{} is pure and may not use {name}", member.folder));
            }
        }
    }
    refuse(&problems);
}

#[test]
fn every_crate_has_a_place_in_the_table() {
    let problems: Vec<_> = members()
        .iter()
        .filter(|member| {
            let (layer, name) = split(&member.folder);
            !match layer {
                "kernel" => PURE.contains(&name) || KERNEL.iter().any(|(known, _)| *known == name),
                "modules" => line_of(name).is_some(),
                "contracts" | "drivers" | "xtask" => true,
                _ => TOP.contains(&member.folder.as_str()),
            }
        })
        .map(|member| format!("{} has no place in the table of layers", member.folder))
        .collect();
    refuse(&problems);
}

#[test]
fn the_table_says_what_the_architecture_says() {
    assert!(may("modules/billing", "modules/ledger", false));
    assert!(!may("modules/ledger", "modules/billing", false), "up goes by event");
    assert!(!may("modules/customers", "modules/ledger", false), "siblings never meet");
    assert!(!may("modules/payments", "drivers/gateway/sandbox", false), "the binary chooses drivers");
    assert!(may("modules/payments", "drivers/gateway/sandbox", true), "tests may use the sandbox");
    assert!(!may("modules/payments", "drivers/gateway/stripe", true));
    assert!(may("drivers/gateway/sandbox", "contracts/gateway", false));
    assert!(!may("drivers/gateway/sandbox", "contracts/taxid", false));
    assert!(!may("drivers/gateway/sandbox", "kernel/db", false), "drivers never see the database");
    assert!(!may("kernel/db", "modules/billing", false));
    assert!(!may("kernel/money", "kernel/time", false));
    assert!(!may("kernel/outbound", "kernel/db", false) && !may("kernel/db", "kernel/outbound", true));
    assert!(!may("modules/import", "apps/bursar", false));
    assert!(may("sim", "apps/bursar", false));
    assert!(!may("kernel/app", "kernel/testkit", false));
}
