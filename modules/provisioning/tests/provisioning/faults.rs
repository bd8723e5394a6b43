//! Answers that are lost, late, garbled or wrong.

use bursar_db::Tx;
use bursar_hosting_sandbox::{CallTrouble, FaultPlan};
use bursar_provisioning::State;
use bursar_provisioning::services::{self, Fact};

use crate::house::on_both;

const TROUBLES: [CallTrouble; 5] = [
    CallTrouble::Refuse,
    CallTrouble::RateLimit,
    CallTrouble::LoseBefore,
    CallTrouble::LoseAfter,
    CallTrouble::Garble,
];

#[test]
fn a_lost_answer_is_looked_at_and_nothing_is_made_twice() {
    on_both(async |house| {
        let id = house.start().await;
        house.panel.next_calls([CallTrouble::LoseAfter]);
        house.work().await;
        assert_eq!((house.state(id).await, house.machines().len()), (State::Provisioning, 1));
        house.settle().await;
        assert_eq!((house.state(id).await, house.machines().len()), (State::Active, 1));
        let calls = house.calls(id).await;
        assert!(calls[0].starts_with("create: no outcome: the outcome is unknown"), "{calls:?}");
        assert_eq!(calls[1..], ["observe: made"]);
    });
}

#[test]
fn a_call_that_was_lost_on_its_way_is_made_after_looking() {
    on_both(async |house| {
        let id = house.start().await;
        house.panel.next_calls([CallTrouble::LoseBefore]);
        house.settle().await;
        let calls = house.calls(id).await;
        assert_eq!(
            (house.state(id).await, calls[1..].to_vec()),
            (State::Active, vec!["create: made".to_owned()])
        );
    });
}

/// Every trouble before and after every other, at every step of a life: one machine while it lives, none at its end.
#[test]
fn whatever_goes_wrong_there_is_one_machine_and_in_the_end_none() {
    on_both(async |house| {
        for first in TROUBLES {
            for second in TROUBLES {
                let id = house.start().await;
                for fact in [
                    None,
                    Some(Fact::HeldByBilling("Invoice overdue".to_owned())),
                    Some(Fact::FreedByBilling),
                ] {
                    if let Some(fact) = fact {
                        house.learn(id, fact).await;
                    }
                    house.panel.next_calls([first, second]);
                    house.settle().await;
                    house.panel.forget_next_calls();
                    assert!(house.machine(id).await.is_some(), "{first:?} {second:?}");
                }
                assert_eq!(house.state(id).await, State::Active, "{first:?} {second:?}");
                house.learn(id, Fact::Ended).await;
                house.panel.next_calls([first, second]);
                house.settle().await;
                house.panel.forget_next_calls();
                assert_eq!(house.state(id).await, State::Deprovisioned, "{first:?} {second:?}");
                assert!(house.machines().is_empty());
            }
        }
    });
}

#[test]
fn a_machine_that_fails_to_build_is_removed_and_made_again() {
    on_both(async |house| {
        house.panel.set_plan(FaultPlan { seed: 1, build_fails_ppm: 1_000_000, ..FaultPlan::calm() });
        let id = house.start().await;
        house.settle().await;
        assert_eq!(house.state(id).await, State::Failed);
        assert_eq!(house.dead(id).await[0].0, "vendor");
        // Three times made, twice removed: the last one is left for a person to look at.
        let calls = house.calls(id).await;
        let creates = calls.iter().filter(|call| call.starts_with("create")).count();
        let removals = calls.iter().filter(|call| call.starts_with("terminate")).count();
        assert_eq!((creates, removals, house.machines().len()), (3, 2, 1));
        house.panel.set_plan(FaultPlan::calm());
        house.cx.write(async move |tx: &mut Tx| services::retry(tx, id).await).await.unwrap();
        house.settle().await;
        assert_eq!((house.state(id).await, house.machines().len()), (State::Active, 1));
    });
}

#[test]
fn what_is_ended_while_it_is_being_made_leaves_nothing_behind() {
    on_both(async |house| {
        let id = house.start().await;
        house.panel.next_calls([CallTrouble::LoseAfter]);
        house.work().await;
        assert_eq!(house.machines().len(), 1, "made, and nobody knows");
        house.learn(id, Fact::Ended).await;
        house.settle().await;
        assert_eq!((house.state(id).await, house.machines().len()), (State::Deprovisioned, 0));
    });
}

/// Forty services through a storm, with facts that change all the time; when it is over, each is what it should be.
#[test]
fn after_a_storm_everything_is_as_it_should_be() {
    on_both(async |house| {
        house.panel.set_plan(FaultPlan { build_fails_ppm: 0, ..FaultPlan::stormy(3) });
        let mut services = Vec::new();
        for _ in 0..40 {
            services.push(house.start().await);
        }
        for round in 0..6 {
            house.settle_within(1).await;
            for (index, id) in services.iter().enumerate() {
                match (index + round) % 5 {
                    0 => house.learn(*id, Fact::HeldByBilling("Invoice overdue".to_owned())).await,
                    1 => house.learn(*id, Fact::FreedByBilling).await,
                    2 if index % 7 == 0 => house.learn(*id, Fact::Ended).await,
                    _ => {}
                }
            }
        }
        house.panel.set_plan(FaultPlan::calm());
        house.settle().await;
        let mut alive = 0;
        for id in services {
            let service = house.service(id).await;
            let machine = house.machine(id).await;
            if service.facts.is_ended {
                assert_eq!((service.state, machine), (State::Deprovisioned, None));
                continue;
            }
            alive += 1;
            let suspended = service.facts.is_held_by_billing;
            let state = if suspended { State::Suspended } else { State::Active };
            assert_eq!((service.state, machine.unwrap().suspended), (state, suspended), "service {id}");
        }
        assert_eq!(house.machines().len(), alive);
        // Every seventh of forty, where its turn came: some ended, most live.
        assert!((30..40).contains(&alive), "{alive}");
    });
}
