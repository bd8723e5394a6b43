//! A plan as people read it: what its driver calls each setting, with what it counts.

use std::collections::BTreeSet;

use bursar_hosting::{Setting, SettingKind};
use bursar_inventory::HostingDrivers;

/// Label and value of each part, in the driver's order. What the driver does not know stands last, under its own name.
pub(super) fn in_words<'a>(
    drivers: &HostingDrivers,
    driver: &str,
    plan: impl IntoIterator<Item = (&'a String, &'a String)>,
) -> Vec<(String, String)> {
    let settings = drivers.find(driver).map_or(&[][..], |it| it.manifest().plan_settings);
    say(settings, plan)
}

fn say<'a>(
    settings: &[Setting],
    plan: impl IntoIterator<Item = (&'a String, &'a String)>,
) -> Vec<(String, String)> {
    let mut left: BTreeSet<(&String, &String)> = plan.into_iter().collect();
    let mut said = Vec::with_capacity(left.len());
    for setting in settings {
        let found = left.iter().copied().find(|(name, _)| *name == setting.name);
        if let Some((name, value)) = found {
            left.remove(&(name, value));
            said.push((setting.label.to_owned(), value_of(setting, value)));
        }
    }
    said.extend(left.into_iter().map(|(name, value)| (capital(name), value.clone())));
    said
}

fn value_of(setting: &Setting, value: &str) -> String {
    match setting.kind {
        SettingKind::Number { unit, .. } if !unit.is_empty() => format!("{value} {unit}"),
        SettingKind::Choice(choices) => {
            let label = choices.iter().find(|(code, _)| *code == value).map(|(_, label)| *label);
            label.unwrap_or(value).to_owned()
        }
        _ => value.to_owned(),
    }
}

/// `disk_gib` as "Disk gib": all that can be said of a name nobody explains.
fn capital(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_read_in_the_drivers_words_and_order() {
        const SETTINGS: &[Setting] = &[
            Setting::required(
                "memory_mib",
                "Memory",
                SettingKind::Number { least: 1, most: 9, unit: "MiB" },
                "",
            ),
            Setting::required("disk_gib", "Disk", SettingKind::Number { least: 1, most: 9, unit: "GiB" }, ""),
            Setting::required("kind", "Kind", SettingKind::Choice(&[("kvm", "Virtual machine")]), ""),
        ];
        let plan = [("disk_gib", "80"), ("kind", "kvm"), ("memory_mib", "4096"), ("odd_one", "x")];
        let plan: Vec<_> =
            plan.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let said = say(SETTINGS, plan.iter().map(|(name, value)| (name, value)));
        let said: Vec<_> = said.iter().map(|(label, value)| (label.as_str(), value.as_str())).collect();
        let expected =
            [("Memory", "4096 MiB"), ("Disk", "80 GiB"), ("Kind", "Virtual machine"), ("Odd one", "x")];
        assert_eq!(said, expected);
    }
}
