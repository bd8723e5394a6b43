//! One-time links into the portal.

use bursar_context::Permissions;
use bursar_db::Tx;
use bursar_identity::{Handover, IdentityError, PortalLink, TeamRole};
use bursar_ids::Actor;
use bursar_testkit::{TestCx, on_both_engines};

use crate::house::{PASSWORD, a_confirmed_user, client, join, schema, who};

fn link(customer_id: i64, email: &str) -> PortalLink {
    PortalLink {
        customer_id,
        customer_name: format!("Customer {customer_id}"),
        email: email.to_owned(),
        name: "Ann".to_owned(),
    }
}

async fn mailed(cx: &TestCx, link: PortalLink) -> String {
    let path = cx
        .write(async move |tx: &mut Tx| bursar_identity::create_portal_link(tx, &link, Handover::Mail).await)
        .await;
    path.unwrap().strip_prefix("/portal/link/").unwrap().to_owned()
}

#[test]
fn a_link_signs_one_person_in_once_however_many_try() {
    on_both_engines(schema(), async |cx| {
        let token = mailed(&cx, link(7, "Ann@Example.com")).await;
        let tries = (0..10).map(|_| bursar_identity::redeem_portal_link(&cx, &token, client()));
        let mut outcomes = futures_util::future::join_all(tries).await;
        outcomes.retain(Result::is_ok);
        assert_eq!(outcomes.len(), 1);
        let session = outcomes.pop().unwrap().unwrap().session().unwrap();
        let person = who(&cx, &session).await.unwrap();
        let user = cx
            .read(async |tx: &mut Tx| bursar_identity::find_user_by_email(tx, "ann@example.com").await)
            .await
            .unwrap()
            .unwrap();
        assert_eq!((person.customer_ids(), person.actor), (&[7_i64][..], Actor::User(user.id)));
        assert!(person.can("shop.bill.pay") && !person.can("shop.door.open"), "the address is the owner's");
        assert!(user.email_verified_at.is_some(), "who read the mail has the address");
        assert!(person.is_fresh(cx.now()));
    });
}

#[test]
fn a_link_that_staff_hand_over_proves_nothing_about_the_address() {
    on_both_engines(schema(), async |cx| {
        let path = bursar_identity::offer_portal_link(&cx, link(7, "ann@example.com")).await.unwrap();
        let token = path.strip_prefix("/portal/link/").unwrap();
        let session =
            bursar_identity::redeem_portal_link(&cx, token, client()).await.unwrap().session().unwrap();
        let person = who(&cx, &session).await.unwrap();
        assert!(person.can("shop.bill.see") && !person.is_fresh(cx.now()));
        let user = cx
            .read(async |tx: &mut Tx| bursar_identity::find_user_by_email(tx, "ann@example.com").await)
            .await;
        assert_eq!(user.unwrap().unwrap().email_verified_at, None);
    });
}

#[test]
fn a_link_for_a_known_address_signs_in_that_user_and_keeps_their_role() {
    on_both_engines(schema(), async |cx| {
        let user = a_confirmed_user(&cx, "ann@example.com").await;
        join(&cx, user, 7, TeamRole::ReadOnly).await;
        join(&cx, user, 8, TeamRole::Owner).await;
        let token = mailed(&cx, link(7, "ann@example.com")).await;
        let session =
            bursar_identity::redeem_portal_link(&cx, &token, client()).await.unwrap().session().unwrap();
        let person = who(&cx, &session).await.unwrap();
        assert_eq!((person.actor, person.customer_id()), (Actor::User(user), Some(7)));
        assert!(
            person.can("shop.bill.see") && !person.can("shop.bill.pay"),
            "the rights over 8 are not mixed in"
        );
        assert!(
            bursar_identity::sign_in_user(&cx, "ann@example.com", PASSWORD.to_owned(), client())
                .await
                .is_ok()
        );
    });
}

#[test]
fn a_link_is_dead_after_fifteen_minutes_and_staff_need_leave_to_make_one() {
    on_both_engines(schema(), async |cx| {
        let token = mailed(&cx, link(7, "ann@example.com")).await;
        cx.test_clock().advance_seconds(15 * 60);
        let dead = bursar_identity::redeem_portal_link(&cx, &token, client()).await;
        assert!(matches!(dead, Err(IdentityError::LinkNotValid)));
        let nobody = cx.for_actor(Actor::Staff(2), Permissions::none(), "test");
        let denied = bursar_identity::offer_portal_link(&nobody, link(7, "ann@example.com")).await;
        assert!(matches!(denied, Err(IdentityError::Denied(_))));
    });
}
