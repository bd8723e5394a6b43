//! Every driver is listed, and the reference that people read is what the code says.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bursar::drivers;
use bursar_hosting::{Capability, Hosting, Setting, SettingKind, Sight, capabilities};
use bursar_hosting_sandbox::Panel;

#[path = "drivers/by_hand.rs"]
mod by_hand;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

fn hosting() -> Vec<Arc<dyn Hosting>> {
    drivers::hosting(&Arc::new(Panel::in_memory()))
}

#[test]
fn every_hosting_driver_is_listed_under_the_name_of_its_folder() {
    let folders: BTreeSet<String> = fs::read_dir(root().join("drivers/hosting"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("Cargo.toml").exists())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    let drivers = hosting();
    let listed: BTreeSet<String> = drivers.iter().map(|driver| driver.manifest().id.to_owned()).collect();
    assert_eq!(listed, folders, "drivers/hosting and apps/bursar/src/drivers.rs name the same drivers");
    assert_eq!(listed.len(), drivers.len(), "an id is given twice");
}

/// Run with `BURSAR_WRITE_REFERENCE=1` to write the page anew.
#[test]
fn the_reference_of_hosting_drivers_is_what_the_code_says() {
    let path = root().join("docs/reference/hosting-drivers.md");
    let page = reference(&hosting());
    if std::env::var_os("BURSAR_WRITE_REFERENCE").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page,
        "docs/reference/hosting-drivers.md is stale: run \
         BURSAR_WRITE_REFERENCE=1 cargo test -p bursar --test drivers"
    );
}

fn reference(drivers: &[Arc<dyn Hosting>]) -> String {
    let mut page = String::from(
        "# Hosting drivers\n\nWhat each driver can do and what it is told, as its code says. This page is made by a test; \
         quirks and what is\nunverified stand in each driver's README. Every driver can create, suspend, resume and terminate. \
         What a driver cannot observe\ncannot be compared with what was sold.\n\n",
    );
    let mut headings = String::from("| driver | Observe |");
    let mut rule = String::from("| --- | :-: |");
    for capability in Capability::ALL {
        write!(headings, " {} |", capability.title()).unwrap();
        rule.push_str(" :-: |");
    }
    writeln!(page, "{headings}\n{rule}").unwrap();
    for driver in drivers {
        let offered = capabilities(&**driver);
        let manifest = driver.manifest();
        let observes = if manifest.sight == Sight::Clear { "yes" } else { "no" };
        write!(page, "| [{}](#{}) | {observes} |", manifest.name, manifest.id).unwrap();
        for capability in Capability::ALL {
            let cell = if offered.contains(&capability) { "yes" } else { "" };
            write!(page, " {cell} |").unwrap();
        }
        page.push('\n');
    }
    for driver in drivers {
        let manifest = driver.manifest();
        write!(page, "\n## {}\n\n{} (`{}`)\n", manifest.id, manifest.summary, manifest.name).unwrap();
        table(&mut page, "Per server", manifest.server_settings);
        table(&mut page, "Per product", manifest.plan_settings);
    }
    page
}

fn table(page: &mut String, title: &str, settings: &[Setting]) {
    if settings.is_empty() {
        return;
    }
    writeln!(page, "\n{title}:\n\n| setting | kind | begins with | what it is |\n| --- | --- | --- | --- |")
        .unwrap();
    for setting in settings {
        let needed = if setting.required { ", needed" } else { "" };
        writeln!(
            page,
            "| {} (`{}`) | {}{needed} | {} | {} |",
            setting.label,
            setting.name,
            kind(setting.kind),
            setting.default.unwrap_or_default(),
            setting.help
        )
        .unwrap();
    }
}

fn kind(kind: SettingKind) -> String {
    match kind {
        SettingKind::Text => "text".to_owned(),
        SettingKind::LongText => "lines".to_owned(),
        SettingKind::Secret | SettingKind::LongSecret | SettingKind::SecretList => "secret".to_owned(),
        SettingKind::Url => "address".to_owned(),
        SettingKind::Host => "host".to_owned(),
        SettingKind::Fingerprint => "fingerprint".to_owned(),
        SettingKind::Number { least, most, unit } => {
            format!("{least} to {most} {unit}").trim_end().to_owned()
        }
        SettingKind::Flag => "box".to_owned(),
        SettingKind::Choice(choices) => {
            choices.iter().map(|(code, _)| *code).collect::<Vec<_>>().join(" or ")
        }
        SettingKind::Listed(_) => "as the panel lists".to_owned(),
    }
}
