//! A service from its sale to its end.

use bursar_fault::ErrorKind;
use bursar_fault::Refusal as _;
use bursar_provisioning::services::{self, Fact};
use bursar_provisioning::{Action, State};

use bursar_db::Tx;

use crate::house::{House, PRODUCT, on_both};

async fn ask(house: &House, id: i64, action: Action) -> Result<i64, bursar_provisioning::ProvisionError> {
    house.cx.write(async move |tx: &mut Tx| services::ask(tx, id, action).await).await
}

#[test]
fn a_service_is_made_suspended_resumed_and_removed() {
    on_both(async |house| {
        let id = house.sell().await;
        house.work().await;
        assert_eq!((house.state(id).await, house.machines().len()), (State::Pending, 0));
        house.learn(id, Fact::Started).await;
        house.settle().await;
        let machine = house.machine(id).await.unwrap();
        assert_eq!(
            (house.state(id).await, machine.name.as_deref()),
            (State::Active, Some("web.example.com"))
        );
        let resource = house.resource(id).await.unwrap();
        assert_eq!(resource.reference, Some(machine.reference));
        assert_eq!(resource.shown.addresses, machine.addresses);
        house.learn(id, Fact::HeldByBilling("Invoice overdue".to_owned())).await;
        house.settle().await;
        assert!(house.machine(id).await.unwrap().suspended);
        house.learn(id, Fact::FreedByBilling).await;
        house.settle().await;
        assert!(!house.machine(id).await.unwrap().suspended);
        house.learn(id, Fact::Ended).await;
        house.settle().await;
        assert_eq!((house.state(id).await, house.machines().len()), (State::Deprovisioned, 0));
        assert_eq!(
            house.moves(id).await,
            [
                "pending queue queued",
                "queued create provisioning",
                "provisioning succeed active",
                "active suspend suspending",
                "suspending succeed suspended",
                "suspended resume resuming",
                "resuming succeed active",
                "active terminate deprovisioning",
                "deprovisioning succeed deprovisioned",
            ]
        );
        assert_eq!(
            house.calls(id).await,
            ["create: made", "suspend: done", "resume: done", "terminate: done"]
        );
    });
}

#[test]
fn the_same_fact_twice_does_nothing_twice() {
    on_both(async |house| {
        let id = house.start().await;
        house.learn(id, Fact::Started).await;
        house.settle().await;
        house.learn(id, Fact::Started).await;
        house.learn(id, Fact::FreedByBilling).await;
        house.settle().await;
        assert_eq!(house.operations_of(id).await, ["create done none"]);
    });
}

#[test]
fn what_was_never_begun_is_dropped_without_a_call() {
    on_both(async |house| {
        let id = house.start().await;
        house.learn(id, Fact::Ended).await;
        house.settle().await;
        assert_eq!(house.state(id).await, State::Deprovisioned);
        assert!(house.calls(id).await.is_empty());
        assert_eq!(house.operations_of(id).await, ["create dropped none"]);
    });
}

#[test]
fn a_payment_that_comes_before_the_suspension_is_done_undoes_it() {
    on_both(async |house| {
        let id = house.start().await;
        house.settle().await;
        house.learn(id, Fact::HeldByBilling("Invoice overdue".to_owned())).await;
        house.learn(id, Fact::FreedByBilling).await;
        house.settle().await;
        assert_eq!(house.state(id).await, State::Active);
        assert!(!house.machine(id).await.unwrap().suspended);
        // Whether the panel had suspended it was not known: it was resumed, which is nothing where it was not.
        assert_eq!(
            house.operations_of(id).await,
            ["create done none", "suspend dropped none", "resume done none"]
        );
    });
}

#[test]
fn a_payment_does_not_free_what_staff_hold() {
    on_both(async |house| {
        let id = house.start().await;
        house.settle().await;
        house.learn(id, Fact::HeldByStaff("Sends spam".to_owned())).await;
        house.learn(id, Fact::HeldByBilling("Invoice overdue".to_owned())).await;
        house.settle().await;
        house.learn(id, Fact::FreedByBilling).await;
        house.settle().await;
        assert_eq!(house.state(id).await, State::Suspended);
        house.learn(id, Fact::FreedByStaff).await;
        house.settle().await;
        assert_eq!(house.state(id).await, State::Active);
    });
}

#[test]
fn another_plan_is_made_of_what_is_there() {
    on_both(async |house| {
        let id = house.start().await;
        house.settle().await;
        house.learn(id, Fact::HeldByBilling("Invoice overdue".to_owned())).await;
        house.settle().await;
        house.remap("40").await;
        house.learn(id, Fact::Replanned { product_id: PRODUCT, options: vec![(1, 2, 1)] }).await;
        house.settle().await;
        assert_eq!(house.machine(id).await.unwrap().plan["disk_gib"], "20", "not while it is suspended");
        house.learn(id, Fact::FreedByBilling).await;
        house.settle().await;
        assert_eq!(house.machine(id).await.unwrap().plan["disk_gib"], "40");
        let service = house.service(id).await;
        assert_eq!((service.state, service.plan_is_stale()), (State::Active, false));
        let shown = house.resource(id).await.unwrap().shown;
        let disk = shown.plan.iter().find(|(name, _)| name == "disk_gib").unwrap();
        assert_eq!(disk.1, "40", "pages show what is there now");
    });
}

#[test]
fn a_smaller_disk_is_for_a_person_and_a_retry_takes_what_is_wanted_then() {
    on_both(async |house| {
        let id = house.start().await;
        house.settle().await;
        house.remap("10").await;
        house.learn(id, Fact::Replanned { product_id: PRODUCT, options: vec![(1, 2, 1)] }).await;
        house.settle().await;
        let service = house.service(id).await;
        assert_eq!(service.state, State::Failed);
        assert_eq!(house.dead(id).await[0].0, "vendor");
        assert!(!service.why.is_empty());
        house.remap("80").await;
        house.cx.write(async move |tx: &mut Tx| services::retry(tx, id).await).await.unwrap();
        house.settle().await;
        assert_eq!(house.state(id).await, State::Active);
        assert_eq!(house.machine(id).await.unwrap().plan["disk_gib"], "80");
    });
}

#[test]
fn errands_are_done_one_at_a_time_to_what_runs() {
    on_both(async |house| {
        let id = house.start().await;
        let early = ask(house, id, Action::Restart).await.unwrap_err();
        assert_eq!(early.kind(), ErrorKind::Conflict);
        house.settle().await;
        ask(house, id, Action::Password).await.unwrap();
        let second = ask(house, id, Action::Stop).await.unwrap_err();
        assert!(second.message().contains("Something else"), "{}", second.message());
        house.settle().await;
        ask(house, id, Action::Stop).await.unwrap();
        house.settle().await;
        let machine = house.machine(id).await.unwrap();
        assert_eq!((machine.password_count, machine.stage), (2, bursar_hosting_sandbox::Stage::Stopped));
        assert_eq!(house.state(id).await, State::Active, "errands leave a service where it was");
    });
}
