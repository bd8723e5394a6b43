//! What differs between our books and the panel, and mending it.

use bursar_db::Tx;
use bursar_fault::Refusal as _;
use bursar_hosting::{Customer, Password, Specification};
use bursar_hosting_sandbox::FaultPlan;
use bursar_provisioning::actions::{ask_service, reveal};
use bursar_provisioning::drift::{Drift, DriftKind, list};
use bursar_provisioning::mend::{link_service, mend};
use bursar_provisioning::reconcile::reconcile;
use bursar_provisioning::services::Fact;
use bursar_provisioning::{Action, State};

use crate::house::{House, on_both, plan};

async fn drift(house: &House) -> Vec<Drift> {
    house.cx.read(async |tx: &mut Tx| list(tx, 0, 100).await).await.unwrap()
}

async fn kinds(house: &House) -> Vec<DriftKind> {
    reconcile(&house.cx, &house.drivers).await.unwrap();
    drift(house).await.into_iter().map(|drift| drift.kind).collect()
}

fn stranger() -> Specification {
    Specification {
        plan: plan("20"),
        name: Some("old.example.com".to_owned()),
        customer: Customer {
            number: 1,
            email: "old@example.com".to_owned(),
            first_name: String::new(),
            last_name: String::new(),
        },
        password: Password::new("x"),
        addresses: Vec::new(),
        ssh_keys: Vec::new(),
    }
}

#[test]
fn what_agrees_is_not_listed() {
    on_both(async |house| {
        for _ in 0..3 {
            house.start().await;
        }
        house.settle().await;
        let done = reconcile(&house.cx, &house.drivers).await.unwrap();
        assert_eq!((done.services, done.unanswered, done.accounts, done.differences), (3, 0, 3, 0));
        assert!(drift(house).await.is_empty());
    });
}

#[test]
fn what_is_gone_or_other_than_sold_is_listed_and_mended_with_one_click() {
    on_both(async |house| {
        let (gone, off) = (house.start().await, house.start().await);
        house.settle().await;
        house.tamper(gone, "terminate").await;
        house.tamper(off, "suspend").await;
        assert_eq!(kinds(house).await, [DriftKind::Missing, DriftKind::State]);
        assert_eq!(kinds(house).await.len(), 2, "the same differences are not listed twice");
        for found in drift(house).await {
            mend(&house.cx, found.id).await.unwrap();
        }
        house.settle().await;
        assert_eq!((house.state(gone).await, house.state(off).await), (State::Active, State::Active));
        assert!(house.machine(gone).await.is_some() && !house.machine(off).await.unwrap().suspended);
        assert!(kinds(house).await.is_empty());
    });
}

#[test]
fn an_account_that_nobody_owns_is_listed_until_a_service_is_linked_to_it() {
    on_both(async |house| {
        let reference = house.panel.add_stranger(house.cx.now(), "node1", &stranger()).unwrap();
        assert_eq!(kinds(house).await, [DriftKind::Unowned]);
        let found = drift(house).await.remove(0);
        assert_eq!((found.label.as_str(), found.reference.as_str()), ("old.example.com", reference.as_str()));
        mend(&house.cx, found.id).await.unwrap_err();
        let id = house.sell().await;
        let server = house.server().await;
        let absent = link_service(&house.cx, &house.drivers, id, server, "sbx-999").await.unwrap_err();
        assert_eq!(absent.message(), "The server has no such account.");
        link_service(&house.cx, &house.drivers, id, server, &reference).await.unwrap();
        house.settle().await;
        assert_eq!(house.state(id).await, State::Active);
        assert!(kinds(house).await.is_empty());
        let second = house.sell().await;
        let taken = link_service(&house.cx, &house.drivers, second, server, &reference).await.unwrap_err();
        assert_eq!(taken.message(), "Another service has this account.");
        // What was taken over lives like everything else.
        house.learn(id, bursar_provisioning::services::Fact::HeldByStaff("Spam".to_owned())).await;
        house.settle().await;
        assert!(house.machines()[0].suspended);
    });
}

#[test]
fn the_password_of_what_was_linked_is_not_ours_until_one_is_set() {
    on_both(async |house| {
        let reference = house.panel.add_stranger(house.cx.now(), "node1", &stranger()).unwrap();
        let (id, server, seals) = (house.sell().await, house.server().await, house.seals.clone());
        link_service(&house.cx, &house.drivers, id, server, &reference).await.unwrap();
        house.settle().await;
        let password = async || reveal(&house.cx, &house.drivers, &seals, id).await.unwrap().password;
        // An operation that sets none makes none up: nobody is shown one that does not let them in.
        for fact in [Fact::HeldByStaff("Spam".to_owned()), Fact::FreedByStaff] {
            house.learn(id, fact).await;
            house.settle().await;
            assert!(password().await.is_none());
        }
        ask_service(&house.cx, &house.drivers, &seals, id, Action::Password).await.unwrap();
        house.settle().await;
        assert!(password().await.is_some());
        assert_eq!(house.machines()[0].password_count, 2, "the stranger's own, and the one that was set");
    });
}

#[test]
fn a_vendor_that_does_not_answer_says_nothing() {
    on_both(async |house| {
        house.start().await;
        house.settle().await;
        house.panel.set_plan(FaultPlan { seed: 1, refuse_ppm: 1_000_000, ..FaultPlan::calm() });
        let done = reconcile(&house.cx, &house.drivers).await.unwrap();
        assert_eq!((done.services, done.unanswered, done.differences), (1, 1, 0));
        assert!(drift(house).await.is_empty());
    });
}
