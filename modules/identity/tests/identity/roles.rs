//! Staff and their roles.

use std::collections::BTreeSet;

use bursar_app::Permission;
use bursar_context::{Cx, Permissions};
use bursar_db::Tx;
use bursar_identity::{IdentityError, NewStaff, RoleBook, RoleDraft, Staff, StaffDetails, permissions};
use bursar_ids::Actor;
use bursar_testkit::{TestCx, on_both_engines};

use crate::house::{PASSWORD, book, relax, schema, set_up, sign_in, who};

fn draft(name: &str, permissions: &[&str]) -> RoleDraft {
    let permissions = permissions.iter().map(|name| (*name).to_owned()).collect();
    RoleDraft { name: name.to_owned(), permissions }
}

async fn hire(cx: &Cx, email: &str, role: &str) -> Result<i64, IdentityError> {
    let new = NewStaff { name: "Ben".to_owned(), email: email.to_owned(), password: PASSWORD.to_owned() };
    bursar_identity::add_staff(cx, &book(), new, role.to_owned()).await
}

async fn person(cx: &TestCx, id: i64) -> Staff {
    cx.read(async move |tx: &mut Tx| bursar_identity::find_staff(tx, id).await).await.unwrap().unwrap()
}

async fn save(cx: &Cx, staff: &Staff, details: StaffDetails) -> Result<(), IdentityError> {
    bursar_identity::update_staff(cx, &book(), staff.id, staff.version, details).await
}

/// Somebody with exactly these rights.
fn with_only(cx: &TestCx, names: &[&str]) -> Cx {
    let names: BTreeSet<String> = names.iter().map(|name| (*name).to_owned()).collect();
    cx.for_actor(Actor::Staff(9), Permissions::Only(names), "test")
}

#[test]
fn a_role_of_ones_own_holds_what_was_ticked_and_changes_reach_open_sessions() {
    on_both_engines(schema(), async |cx| {
        relax(&cx).await;
        let wanted = draft("Doorkeeper", &["shop.door.open", "shop.bill.see", "no.such.thing"]);
        let code = bursar_identity::create_role(&cx, &book(), wanted).await.unwrap();
        hire(&cx, "ben@example.com", &code).await.unwrap();
        let session = sign_in(&cx, "ben@example.com", PASSWORD).await.unwrap();
        let names = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>();
        assert_eq!(names(&who(&cx, &session).await.unwrap().permissions), ["shop.door.open"]);
        let more = draft("Doorkeeper", &["shop.door.open", "shop.till.open"]);
        bursar_identity::update_role(&cx, &book(), code.clone(), 1, more.clone()).await.unwrap();
        assert!(who(&cx, &session).await.unwrap().can("shop.till.open"));
        let late = bursar_identity::update_role(&cx, &book(), code.clone(), 1, more.clone()).await;
        assert!(matches!(late, Err(IdentityError::Changed)));
        let twin = bursar_identity::create_role(&cx, &book(), more).await;
        assert!(matches!(twin, Err(IdentityError::Invalid(_))));
        let held = bursar_identity::delete_role(&cx, code).await;
        assert!(matches!(held, Err(IdentityError::RoleInUse)));
    });
}

#[test]
fn nobody_gives_more_than_they_have() {
    on_both_engines(schema(), async |cx| {
        set_up(&cx).await;
        let clerk = with_only(
            &cx,
            &[permissions::ROLE_EDIT, permissions::STAFF_CREATE, permissions::STAFF_EDIT, "shop.door.open"],
        );
        let more = bursar_identity::create_role(&clerk, &book(), draft("Till", &["shop.till.open"])).await;
        assert!(matches!(more, Err(IdentityError::BeyondOwn(name)) if name == "shop.till.open"));
        for role in ["owner", "billing"] {
            let refused = hire(&clerk, "friend@example.com", role).await;
            assert!(matches!(refused, Err(IdentityError::BeyondOwn(_))), "{role}");
        }
        assert!(matches!(hire(&clerk, "x@example.com", "boss").await, Err(IdentityError::Invalid(_))));
        let friend = hire(&clerk, "friend@example.com", "support").await.unwrap();
        let friend = person(&cx, friend).await;
        let promoted = StaffDetails { role: "owner".to_owned(), ..friend.details.clone() };
        assert!(matches!(save(&clerk, &friend, promoted).await, Err(IdentityError::BeyondOwn(_))));
        let till =
            bursar_identity::create_role(&cx, &book(), draft("Till", &["shop.till.open"])).await.unwrap();
        let emptied = bursar_identity::update_role(&clerk, &book(), till, 1, draft("Till", &[])).await;
        assert!(matches!(emptied, Err(IdentityError::BeyondOwn(_))), "nor takes from those who have more");
        let nobody = with_only(&cx, &[]);
        assert!(matches!(hire(&nobody, "y@example.com", "support").await, Err(IdentityError::Denied(_))));
    });
}

#[test]
fn the_last_owner_stays_and_a_blocked_person_is_out_at_once() {
    on_both_engines(schema(), async |cx| {
        set_up(&cx).await;
        let first = cx.read(async |tx: &mut Tx| bursar_identity::list_staff(tx).await).await;
        let first = first.map_err(|e: bursar_fault::Fault| e).unwrap().remove(0);
        let blocked = StaffDetails { is_active: false, ..first.details.clone() };
        assert!(matches!(save(&cx, &first, blocked.clone()).await, Err(IdentityError::LastOwner)));
        let demoted = StaffDetails { role: "support".to_owned(), ..first.details.clone() };
        assert!(matches!(save(&cx, &first, demoted).await, Err(IdentityError::LastOwner)));
        let second = hire(&cx, "ben@example.com", "owner").await.unwrap();
        let session = sign_in(&cx, "olga@example.com", PASSWORD).await.unwrap();
        save(&cx, &first, blocked).await.unwrap();
        assert!(who(&cx, &session).await.is_none());
        assert!(matches!(sign_in(&cx, "olga@example.com", PASSWORD).await, Err(IdentityError::NoMatch)));
        let second = person(&cx, second).await;
        let gone = StaffDetails { is_active: false, ..second.details.clone() };
        assert!(matches!(save(&cx, &second, gone).await, Err(IdentityError::LastOwner)));
    });
}

#[test]
fn the_book_of_roles_is_made_from_what_modules_declare() {
    let book = RoleBook::new(&[Permission::staff("a.b.c", "Do it", &["sales"])]);
    assert!(book.of_staff("sales", None).contains("a.b.c"));
    assert_eq!(book.label("a.b.c"), Some("Do it"));
}
