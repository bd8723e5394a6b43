//! Servers that are full, locked, down or slow.

use std::time::Duration;

use bursar_app::Pump as _;
use bursar_hosting_sandbox::FaultPlan;
use bursar_inventory::servers::save::NewSecrets;
use bursar_provisioning::State;
use bursar_provisioning::settings::ProvisioningSettings;

use crate::house::{key, on_both};

#[test]
fn a_full_server_leads_to_the_next_and_none_left_to_waiting() {
    on_both(async |house| {
        let small = house.add_server("small", "1").await;
        let next = house.add_server("next", "1").await;
        house.regroup(vec![small, next]).await;
        for _ in 0..3 {
            house.start().await;
        }
        house.settle_within(1).await;
        let mut nodes: Vec<String> = house.machines().into_iter().map(|machine| machine.node).collect();
        nodes.sort();
        assert_eq!(nodes, ["next", "small"]);
        let waiting = house.in_state(State::Provisioning).await;
        assert_eq!((waiting.len(), house.in_state(State::Active).await.len()), (1, 2));
        assert!(waiting[0].why.contains("No server of the group has room"), "{}", waiting[0].why);
        house
            .edit_server(next, NewSecrets::new(), |details| {
                details.settings.set("room", "2");
            })
            .await;
        house.settle().await;
        assert_eq!((house.in_state(State::Active).await.len(), house.machines().len()), (3, 3));
    });
}

#[test]
fn wrong_credentials_for_an_hour_lose_nothing_and_tell_staff_once() {
    on_both(async |house| {
        house
            .settings(ProvisioningSettings {
                alert_email: "staff@example.com".to_owned(),
                ..Default::default()
            })
            .await;
        house.edit_server(house.server().await, key("wrong"), |_| {}).await;
        let mut services = Vec::new();
        for _ in 0..30 {
            services.push(house.start().await);
        }
        house.settle_within(1).await;
        assert_eq!(house.mails("provisioning.server").await, ["The server node1 does not work"]);
        // The first one opens it, and one is tried after each pause: no storm of calls at a locked door.
        let mut calls = 0;
        for id in &services {
            calls += house.calls(*id).await.len();
            assert_ne!(house.state(*id).await, State::Failed);
        }
        assert!((9..=60).contains(&calls), "{calls} calls");
        house.edit_server(house.server().await, key("sandbox-api-key"), |_| {}).await;
        house.settle().await;
        for id in &services {
            assert_eq!(house.state(*id).await, State::Active);
        }
        assert_eq!(house.machines().len(), 30);
        assert_eq!(
            house.mails("provisioning.server").await,
            ["The server node1 does not work", "The server node1 works again"]
        );
        assert!(house.mails("provisioning.gave_up").await.is_empty());
    });
}

#[test]
fn a_server_that_is_down_is_left_alone_and_everything_goes_on_when_it_is_back() {
    on_both(async |house| {
        house.panel.set_plan(FaultPlan { seed: 1, refuse_ppm: 1_000_000, ..FaultPlan::calm() });
        let id = house.start().await;
        house.settle_within(2).await;
        // 2, 4, 8, 16 and 32 seconds' pauses until the fifth failure, then trials up to a quarter of an hour apart.
        let calls = house.calls(id).await.len();
        assert!((10..=22).contains(&calls), "{calls} calls in two hours");
        house.panel.set_plan(FaultPlan::calm());
        house.settle().await;
        assert_eq!(house.state(id).await, State::Active);
    });
}

#[test]
fn what_fails_for_a_day_is_given_up_and_staff_are_told() {
    on_both(async |house| {
        house
            .settings(ProvisioningSettings {
                alert_email: "staff@example.com".to_owned(),
                ..Default::default()
            })
            .await;
        house.panel.set_plan(FaultPlan { seed: 1, lose_before_ppm: 1_000_000, ..FaultPlan::calm() });
        let id = house.start().await;
        house.settle().await;
        assert_eq!(house.state(id).await, State::Failed);
        assert_eq!(house.dead(id).await[0].0, "unknown");
        assert_eq!(house.mails("provisioning.gave_up").await.len(), 1);
    });
}

#[test]
fn a_server_is_asked_no_faster_than_it_allows() {
    on_both(async |house| {
        let server = house.server().await;
        house.edit_server(server, NewSecrets::new(), |details| details.per_minute = Some(6)).await;
        let first = house.start().await;
        house.settle().await;
        assert_eq!(house.state(first).await, State::Active);
        let begun = house.cx.now();
        for _ in 0..20 {
            house.start().await;
        }
        house.work().await;
        // Six a minute: the first took one, five are left, then one every ten seconds: the last of 20 after 150.
        assert_eq!(house.machines().len(), 6);
        house.settle().await;
        assert_eq!(house.machines().len(), 21);
        let seconds = house.cx.now().since(begun) / 1_000_000;
        assert!((150..=165).contains(&seconds), "{seconds} seconds");
    });
}

#[test]
fn nothing_waits_when_nothing_is_to_be_done() {
    on_both(async |house| {
        assert_eq!(house.operations.next_at(&house.cx).await.unwrap(), None);
        assert_eq!(house.operations.drain(&house.cx, &|| true).await.unwrap(), 0);
        let id = house.start().await;
        assert_eq!(house.operations.drain(&house.cx, &|| false).await.unwrap(), 0, "told not to begin");
        assert_eq!(house.state(id).await, State::Queued);
        let due = house.operations.next_at(&house.cx).await.unwrap().unwrap();
        assert!(Duration::from_micros(u64::try_from(due.since(house.cx.now()).max(0)).unwrap()).is_zero());
    });
}
