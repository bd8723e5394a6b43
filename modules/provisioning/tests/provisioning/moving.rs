//! Moving to another server: one machine before, one machine after, whatever goes wrong between.

use bursar_db::Tx;
use bursar_hosting_sandbox::{CallTrouble, FaultPlan};
use bursar_inventory::servers::ServerMode;
use bursar_inventory::servers::save::{NewSecrets, set_mode};
use bursar_provisioning::moving::{Rest, decide_on_rest, move_service};
use bursar_provisioning::reconcile::reconcile;
use bursar_provisioning::services::{Fact, ask};
use bursar_provisioning::{Action, Part, ProvisionError, State, actions};

use crate::house::{House, on_both};

const TROUBLES: [CallTrouble; 5] = [
    CallTrouble::Refuse,
    CallTrouble::RateLimit,
    CallTrouble::LoseBefore,
    CallTrouble::LoseAfter,
    CallTrouble::Garble,
];

async fn seats(house: &House, server: i64) -> i64 {
    house
        .cx
        .read(async move |tx: &mut Tx| bursar_inventory::servers::seats_taken(tx, server).await)
        .await
        .unwrap()
}

async fn place(house: &House, service: i64) -> Option<i64> {
    let found = house.cx.read(async move |tx: &mut Tx| bursar_inventory::placement(tx, service).await).await;
    found.unwrap().map(|place| place.server_id)
}

async fn begin(house: &House, id: i64, server: i64) -> Result<(), ProvisionError> {
    move_service(&house.cx, &house.drivers, id, server).await
}

/// An active service on `node1`, and `node2` with one too.
async fn with_two_servers(house: &House) -> (i64, i64, i64) {
    let id = house.start().await;
    house.settle().await;
    let (first, second) = (house.server().await, house.add_server("node2", "").await);
    (id, first, second)
}

/// The service is usable on a server, alone, and nobody holds anything anywhere else.
async fn is_on(house: &House, id: i64, server: i64, other: i64) {
    let service = house.service(id).await;
    assert_eq!(service.state, State::Active, "{}", service.why);
    let own = house.resource(id).await.unwrap();
    assert_eq!((own.server_id, own.part), (server, Part::Own));
    assert_eq!(house.machines().len(), 1, "one machine");
    assert!(house.machine(id).await.is_some(), "and it is the service's own");
    assert_eq!(place(house, id).await, Some(server));
    assert_eq!((seats(house, server).await, seats(house, other).await), (1, 0));
    let done = reconcile(&house.cx, &house.drivers).await.unwrap();
    assert_eq!(done.differences, 0);
}

#[test]
fn the_old_one_goes_on_until_the_new_one_runs() {
    on_both(async |house| {
        let (id, first, second) = with_two_servers(house).await;
        let (before, seals) = (house.resource(id).await.unwrap(), house.seals.clone());
        let password = async || {
            let entrance = actions::reveal(&house.cx, &house.drivers, &seals, id).await.unwrap();
            entrance.password.unwrap().expose().clone()
        };
        let old_password = password().await;
        begin(house, id, second).await.unwrap();
        assert_eq!((seats(house, first).await, seats(house, second).await), (1, 1), "room is taken at once");
        assert_eq!(house.resource(id).await.unwrap(), before, "the old one is the service's still");
        house.panel.next_calls([CallTrouble::LoseAfter]);
        house.work().await;
        assert_eq!(house.machines().len(), 2, "it was made, and nobody knows yet");
        assert_eq!(house.resource(id).await.unwrap(), before);
        house.settle().await;
        is_on(house, id, second, first).await;
        assert_eq!(password().await, old_password, "the customer gets in as before");
        assert_eq!(house.operations_of(id).await, ["create done none", "move done none", "leave done none"]);
        assert_eq!(house.moves(id).await.len(), 3, "its own state has not moved");
        // And back again.
        begin(house, id, first).await.unwrap();
        house.settle().await;
        is_on(house, id, first, second).await;
    });
}

/// Every trouble at each call of a move, with every other behind it.
#[test]
fn whatever_goes_wrong_on_the_way_it_arrives_once() {
    on_both(async |house| {
        let (id, first, second) = with_two_servers(house).await;
        let (mut here, mut there) = (first, second);
        for trouble in TROUBLES {
            for next in TROUBLES {
                for calm_calls in [0, 1] {
                    begin(house, id, there).await.unwrap();
                    if calm_calls == 1 {
                        // The first turn makes it; the trouble meets what is removed.
                        house.turn().await;
                    }
                    house.panel.next_calls([trouble, next, trouble]);
                    house.settle().await;
                    is_on(house, id, there, here).await;
                    (here, there) = (there, here);
                }
            }
        }
    });
}

#[test]
fn a_server_that_is_full_after_all_changes_nothing() {
    on_both(async |house| {
        let (id, first, _) = with_two_servers(house).await;
        let full = house.add_server("node3", "0").await;
        begin(house, id, full).await.unwrap();
        house.settle().await;
        is_on(house, id, first, full).await;
        let done = house.operations_of(id).await;
        assert_eq!(done[1..], ["move dead capacity", "leave done none"]);
    });
}

#[test]
fn who_owes_stays_and_what_is_over_leaves_nothing_behind() {
    on_both(async |house| {
        let (id, first, second) = with_two_servers(house).await;
        begin(house, id, second).await.unwrap();
        house.panel.next_calls([CallTrouble::LoseAfter]);
        house.work().await;
        assert_eq!(house.machines().len(), 2);
        house.learn(id, Fact::HeldByBilling("Invoice overdue".to_owned())).await;
        house.settle().await;
        assert_eq!((house.state(id).await, house.machines().len()), (State::Suspended, 1));
        assert_eq!(house.resource(id).await.unwrap().server_id, first);
        assert_eq!((seats(house, first).await, seats(house, second).await), (1, 0));
        house.learn(id, Fact::FreedByBilling).await;
        house.settle().await;
        begin(house, id, second).await.unwrap();
        house.panel.next_calls([CallTrouble::LoseAfter]);
        house.work().await;
        house.learn(id, Fact::Ended).await;
        house.settle().await;
        assert_eq!((house.state(id).await, house.machines().len()), (State::Deprovisioned, 0));
        assert_eq!((seats(house, first).await, seats(house, second).await), (0, 0));
    });
}

/// The usual reason to move: the old server does not answer any more. The customer goes on with the new one.
#[test]
fn a_server_that_is_dead_holds_nobody_up_and_a_person_lets_it_go() {
    on_both(async |house| {
        let (id, first, second) = with_two_servers(house).await;
        begin(house, id, second).await.unwrap();
        set_mode(&house.cx, first, ServerMode::Disabled).await.unwrap();
        house.settle_within(1).await;
        let own = house.resource(id).await.unwrap();
        assert_eq!((own.server_id, house.machines().len()), (second, 2), "the old one is out of reach");
        house.cx.write(async move |tx: &mut Tx| ask(tx, id, Action::Restart).await).await.unwrap();
        house.settle_within(1).await;
        let done = house.operations_of(id).await;
        assert!(done.contains(&"restart done none".to_owned()), "{done:?}");
        house.learn(id, Fact::HeldByStaff("Spam".to_owned())).await;
        house.settle_within(1).await;
        assert_eq!(house.state(id).await, State::Suspended, "nor does it stand in the way of that");
        house.learn(id, Fact::FreedByStaff).await;
        house.settle_within(1).await;
        let again = begin(house, id, first).await;
        assert!(matches!(again, Err(ProvisionError::Refused(_))), "{again:?}");
        let left = left_of(house, id).await;
        decide_on_rest(&house.cx, id, left, Rest::Forget).await.unwrap();
        house.settle().await;
        assert_eq!((seats(house, first).await, seats(house, second).await), (0, 1));
        assert_eq!(house.state(id).await, State::Active);
    });
}

#[test]
fn what_cannot_be_removed_is_stuck_until_a_person_has_it_tried_again() {
    on_both(async |house| {
        let (id, first, second) = with_two_servers(house).await;
        begin(house, id, second).await.unwrap();
        house.turn().await;
        house.panel.set_plan(FaultPlan { seed: 1, refuse_ppm: 1_000_000, ..FaultPlan::calm() });
        house.settle_within(60).await;
        assert_eq!(house.dead(id).await.len(), 1);
        assert_eq!((house.state(id).await, house.machines().len()), (State::Active, 2));
        house.panel.set_plan(FaultPlan::calm());
        let left = left_of(house, id).await;
        decide_on_rest(&house.cx, id, left, Rest::Remove).await.unwrap();
        house.settle().await;
        is_on(house, id, second, first).await;
        let gone = decide_on_rest(&house.cx, id, left, Rest::Remove).await;
        assert!(matches!(gone, Err(ProvisionError::NotFound(_))), "{gone:?}");
    });
}

async fn left_of(house: &House, id: i64) -> i64 {
    let others =
        house.cx.read(async move |tx: &mut Tx| bursar_provisioning::other_resources_of(tx, id).await).await;
    let others = others.unwrap();
    assert_eq!(others.len(), 1, "{others:?}");
    others[0].id
}

#[test]
fn what_cannot_be_moved_says_why() {
    on_both(async |house| {
        let (id, first, second) = with_two_servers(house).await;
        let why = async |id, server| match begin(house, id, server).await {
            Err(ProvisionError::Refused(why)) => why,
            Err(ProvisionError::Invalid(fields)) => fields[0].message.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(why(id, first).await, "It is on this server already. Choose another one.");
        house.edit_server(second, NewSecrets::new(), |details| details.seat_limit = Some(0)).await;
        assert!(why(id, second).await.starts_with("The server is full or disabled."));
        assert!(why(id, 999).await.starts_with("The server is full or disabled."));
        let waiting = house.sell().await;
        assert_eq!(
            why(waiting, second).await,
            "Only a service that is active can be moved to another server."
        );
        house.edit_server(second, NewSecrets::new(), |details| details.seat_limit = None).await;
        begin(house, id, second).await.unwrap();
        assert!(why(id, second).await.starts_with("Something else is being done"));
        assert_eq!(seats(house, second).await, 1, "what was refused has taken nothing");
    });
}
