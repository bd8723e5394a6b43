//! From a product and what was picked to a plan. Pure.

use bursar_hosting::{Manifest, SettingProblem, check};
use bursar_outbound::Settings;

use super::{Choice, PlanMap};

/// Most addresses of a family for one service.
const MOST_ADDRESSES: i64 = 256;

/// What a service is to be made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The driver.
    pub driver: String,
    /// The servers to choose from.
    pub group_id: i64,
    /// Only those there; none for any.
    pub region_id: Option<i64>,
    /// On a machine of this model; empty when on none.
    pub model: String,
    /// The plan settings of the driver.
    pub plan: Settings,
    /// Addresses that go with it.
    pub ipv4_count: i64,
    /// Likewise.
    pub ipv6_count: i64,
}

/// The map with what was picked applied: first every value that is put in place of the map's, in the order in which
/// things were picked, then everything that is added. `picked` is option, value and how many, as orders have it; values
/// that no choice speaks of change nothing. `region_id` is asked for by the order itself and wins.
pub fn resolve(
    map: &PlanMap,
    choices: &[Choice],
    picked: &[(i64, i64, i64)],
    region_id: Option<i64>,
) -> Resolved {
    let details = &map.details;
    let mut resolved = Resolved {
        driver: details.driver.clone(),
        group_id: details.group_id,
        region_id: details.region_id,
        model: details.model.clone(),
        plan: details.settings.clone(),
        ipv4_count: details.ipv4_count,
        ipv6_count: details.ipv6_count,
    };
    let chosen: Vec<(&Choice, i64)> = picked
        .iter()
        .filter_map(|(_, value, pieces)| {
            choices.iter().find(|choice| choice.value_id == *value).map(|choice| (choice, *pieces))
        })
        .filter(|(_, pieces)| *pieces > 0)
        .collect();
    for (choice, _) in &chosen {
        resolved.group_id = choice.group_id.unwrap_or(resolved.group_id);
        resolved.region_id = choice.region_id.or(resolved.region_id);
        for (name, value) in choice.sets.iter() {
            resolved.plan.set(name, value);
        }
    }
    for (choice, pieces) in &chosen {
        for (name, _) in choice.adds.iter() {
            let more = choice.adds.number(name).unwrap_or_default().saturating_mul(*pieces);
            let sum = resolved.plan.number(name).unwrap_or_default().saturating_add(more);
            resolved.plan.set(name, sum.to_string());
        }
        let more = |count: i64, each: i64| {
            count.saturating_add(each.saturating_mul(*pieces)).clamp(0, MOST_ADDRESSES)
        };
        resolved.ipv4_count = more(resolved.ipv4_count, choice.ipv4_more);
        resolved.ipv6_count = more(resolved.ipv6_count, choice.ipv6_more);
    }
    resolved.region_id = region_id.or(resolved.region_id);
    resolved
}

/// What a driver would not take about a plan, a sentence each; nothing when it can be made.
pub fn plan_problems(manifest: &Manifest, plan: &Settings) -> Vec<String> {
    let words = |problem: SettingProblem| {
        let label =
            manifest.plan_settings.iter().find(|it| it.name == problem.name).map_or("", |it| it.label);
        format!("{label}: {}", problem.message)
    };
    check(manifest.plan_settings, plan).into_iter().map(words).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::MapDetails;

    /// A machine of 2 cores, 4096 MiB and 40 GiB with one address, on group 1 anywhere.
    fn map() -> PlanMap {
        let settings = [("cores", "2"), ("memory_mib", "4096"), ("disk_gib", "40"), ("image", "debian-13")];
        let details = MapDetails {
            product_id: 9,
            driver: "sandbox".to_owned(),
            group_id: 1,
            region_id: None,
            model: String::new(),
            settings: settings.into_iter().collect(),
            ipv4_count: 1,
            ipv6_count: 0,
        };
        PlanMap { id: 5, details, version: 1 }
    }

    fn choice(value_id: i64, sets: &[(&str, &str)], adds: &[(&str, &str)]) -> Choice {
        Choice {
            value_id,
            sets: sets.iter().copied().collect(),
            adds: adds.iter().copied().collect(),
            ..Choice::default()
        }
    }

    #[test]
    fn without_options_the_map_is_the_plan() {
        let resolved = resolve(&map(), &[], &[(70, 71, 1)], None);
        assert_eq!(resolved.plan, map().details.settings);
        assert_eq!((resolved.group_id, resolved.region_id, resolved.ipv4_count), (1, None, 1));
    }

    #[test]
    fn a_value_sets_and_pieces_add_up_whatever_the_order() {
        let choices = [
            // "Memory: 8 GB", "Windows", "Extra disk" by 10 GiB a piece, "Extra memory" by 1 GiB a piece.
            choice(71, &[("memory_mib", "8192")], &[]),
            choice(81, &[("image", "windows-2025"), ("disk_gib", "60")], &[]),
            choice(91, &[], &[("disk_gib", "10")]),
            choice(95, &[], &[("memory_mib", "1024"), ("swap_mib", "512")]),
        ];
        let picked = [(90, 91, 3), (94, 95, 2), (70, 71, 1), (80, 81, 1)];
        let plan = resolve(&map(), &choices, &picked, None).plan;
        // 60 set by the image + 3 x 10; 8192 set by the value + 2 x 1024; swap begins at nothing.
        assert_eq!(plan.number("disk_gib"), Some(90));
        assert_eq!(plan.number("memory_mib"), Some(10_240));
        assert_eq!(plan.number("swap_mib"), Some(1_024));
        assert_eq!(plan.text("image"), Some("windows-2025"));
        assert_eq!(plan.number("cores"), Some(2));
    }

    #[test]
    fn nothing_of_a_thing_changes_nothing() {
        let choices = [choice(91, &[("image", "x")], &[("disk_gib", "10")])];
        assert_eq!(resolve(&map(), &choices, &[(90, 91, 0)], None).plan, map().details.settings);
    }

    #[test]
    fn places_and_addresses_follow_and_the_order_s_own_region_wins() {
        let far = Choice { value_id: 3, group_id: Some(2), region_id: Some(7), ..Choice::default() };
        let more = Choice { value_id: 4, ipv4_more: 2, ipv6_more: 1, ..Choice::default() };
        let resolved = resolve(&map(), &[far.clone(), more], &[(1, 3, 1), (1, 4, 3)], None);
        assert_eq!((resolved.group_id, resolved.region_id), (2, Some(7)));
        // 1 + 3 x 2, and 3 x 1.
        assert_eq!((resolved.ipv4_count, resolved.ipv6_count), (7, 3));
        assert_eq!(resolve(&map(), &[far], &[(1, 3, 1)], Some(8)).region_id, Some(8));
    }

    #[test]
    fn nobody_gets_more_addresses_than_a_service_may_have() {
        let more = Choice { value_id: 4, ipv4_more: 256, ..Choice::default() };
        assert_eq!(resolve(&map(), &[more], &[(1, 4, i64::MAX)], None).ipv4_count, 256);
    }
}
