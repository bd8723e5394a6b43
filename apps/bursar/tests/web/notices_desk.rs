//! The bell as staff and customers meet it.

use axum::http::StatusCode;
use bursar_billing::invoices::overdue::notice_overdue;
use bursar_db::Tx;
use bursar_messaging::notices::{Audience, NewNotice, raise};
use bursar_web::{NoticeKind, Severity};

use crate::{HOSTILE, House};

const PROBLEM: NoticeKind = NoticeKind::staff(
    "desk.problem",
    "Waiting problems",
    "{count} {what} for a person.",
    "desk.problem.view",
)
.values(&["count", "what"])
.severity(Severity::Warning);

async fn tell(house: &House, about: &str, what: &str) {
    let notice = NewNotice {
        to: Audience::Staff,
        about: about.to_owned(),
        said: vec![2_i64.into(), what.into()],
        href: "/admin/problems".to_owned(),
    };
    house.cx.write(async move |tx: &mut Tx| raise(tx, &PROBLEM, notice.clone()).await).await.unwrap();
}

/// The number of the first piece of news of a list.
fn first_id(list: &str) -> String {
    list.split_once("/open\"").unwrap().0.rsplit('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_bell_counts_what_is_unread_and_opening_it_reads_it() {
    let house = House::build().await;
    let mut owner = house.owner().await;
    let quiet = owner.get("/admin").await.text;
    assert!(quiet.contains("<span class=\"bell-count\"></span>"), "{quiet}");
    tell(&house, "a", "jobs wait").await;
    tell(&house, "a", "jobs wait").await;
    tell(&house, "b", HOSTILE).await;
    // On a page of the kit, whose layout is kept, too.
    for path in ["/admin", "/admin/customers"] {
        assert!(owner.get(path).await.text.contains("<span class=\"bell-count\">2</span>"), "{path}");
    }
    let list = owner.get("/admin/notices").await.text;
    assert!(list.contains("2 jobs wait for a person.") && !list.contains(HOSTILE), "{list}");
    let id = first_id(&list);
    assert_eq!(owner.post(&format!("/admin/notices/{id}/open"), &[]).await.location, "/admin/problems");
    assert!(owner.get("/admin/customers").await.text.contains("<span class=\"bell-count\">1</span>"));
    owner.get("/admin/notices").await;
    assert_eq!(owner.post("/admin/notices/read", &[]).await.location, "/admin/notices");
    assert!(owner.get("/admin").await.text.contains("<span class=\"bell-count\"></span>"));
}

#[tokio::test]
async fn who_wants_nothing_of_a_kind_is_told_nothing_of_it() {
    let house = House::build().await;
    let mut owner = house.owner().await;
    tell(&house, "a", "jobs wait").await;
    let choices = owner.get("/admin/notices/choices").await.text;
    assert!(choices.contains("Waiting problems") && choices.contains("Orders in review"), "{choices}");
    assert!(!choices.contains("Overdue invoices"), "what is for customers is not for staff");
    let saved = owner.post("/admin/notices/choices", &[("desk.problem", "off")]).await;
    assert_eq!(saved.location, "/admin/notices/choices");
    assert!(owner.get("/admin/notices").await.text.contains("Nothing new"));
    assert!(owner.get("/admin").await.text.contains("<span class=\"bell-count\"></span>"));
}

#[tokio::test]
async fn a_customer_hears_of_what_is_theirs_only() {
    let house = House::build().await;
    let (ann, bob) = (house.customer("Ann").await, house.customer("Bob").await);
    house.invoice(ann, "Server").await;
    house.clock.advance_days(60);
    let today = house.cx.today();
    notice_overdue(&house.cx, today).await.unwrap();
    house.office.app.drain(&house.cx).await.unwrap();
    let mut buyer = house.buyer(ann).await;
    let list = buyer.get("/portal/notices").await.text;
    assert!(list.contains("is overdue") && list.contains("25.00"), "{list}");
    let mut other = house.buyer(bob).await;
    let id = first_id(&list);
    let theirs = other.get("/portal/notices").await.text;
    assert!(!theirs.contains("is overdue"), "{theirs}");
    let stolen = other.post(&format!("/portal/notices/{id}/open"), &[]).await;
    assert_eq!(stolen.status, StatusCode::NOT_FOUND);
    assert!(
        buyer
            .post(&format!("/portal/notices/{id}/open"), &[])
            .await
            .location
            .starts_with("/portal/invoices/")
    );
}
