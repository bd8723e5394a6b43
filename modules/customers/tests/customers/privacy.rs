//! Copies and erasure on both engines, with a module above that keeps something and has something in the way.

use std::sync::Arc;

use bursar_app::{App, Module, PersonalAsk, PersonalData, PersonalRows, Registry};
use bursar_customers::privacy::{
    EraseDue, PrivacyRequest, PrivacyState, approve, ask_copy, ask_erasure, of_customer, withdraw,
};
use bursar_customers::{CustomerError, CustomersModule, Status};
use bursar_db::{Migrations, Statement, Tx};
use bursar_fault::Fault;
use bursar_identity::{
    IdentityModule, Membership, NewUser, TeamRole, add_membership, find_user, register_user,
};
use bursar_ids::Id;
use bursar_taxid_sandbox::SandboxRegister;
use bursar_testkit::{Setup, TestCx, on_both_engines_with};
use bursar_web::Reading;
use serde_json::json;

use crate::{ann, get, make};

const OWES: &str = "shop.owes";

/// Has five hundred rows about everybody, keeps them, and stands in the way while a setting says so.
struct Shop;

impl Module for Shop {
    fn name(&self) -> &'static str {
        "shop"
    }

    fn migrations(&self) -> Migrations {
        Migrations { module: "shop", steps: &[] }
    }

    fn statements(&self) -> Vec<&'static Statement> {
        Vec::new()
    }

    fn register(&self, registry: &mut Registry) {
        registry.personal(PersonalData::kept("shop.rows", rows, "shop-kept").unless(owes));
    }
}

fn rows(_: &mut Tx, ask: PersonalAsk) -> Reading<'_, PersonalRows> {
    let rows = (ask.after + 1..=500).take(200).map(|key| (key, json!({ "row": key }))).collect();
    Box::pin(async move { Ok(rows) })
}

fn owes(tx: &mut Tx, _: i64) -> Reading<'_, Option<&'static str>> {
    Box::pin(async move {
        let owes: bool = bursar_context::settings::get(tx, OWES).await?;
        Ok(owes.then_some("shop-owes"))
    })
}

fn in_office(body: impl AsyncFn(App, TestCx)) {
    let register = Arc::new(SandboxRegister::default());
    let modules: [Box<dyn Module>; 3] =
        [Box::new(IdentityModule), Box::new(CustomersModule::new(register)), Box::new(Shop)];
    let app = App::build(&modules).unwrap();
    let setup = Setup { attachments: app.attachments(), ..Setup::new(app.migrations()) };
    on_both_engines_with(setup, async |cx: TestCx| body(app.clone(), cx).await);
}

async fn newest(cx: &TestCx, customer: i64) -> PrivacyRequest {
    let all = cx.read(async move |tx: &mut Tx| of_customer(tx, customer).await).await.unwrap();
    all.into_iter().next().unwrap()
}

async fn owes_now(cx: &TestCx, owes: bool) {
    let put = async move |tx: &mut Tx| bursar_context::settings::set(tx, OWES, &owes).await;
    cx.write::<_, Fault, _>(put).await.unwrap();
}

async fn run_erasures(app: &App, cx: &TestCx) {
    cx.write(async |tx: &mut Tx| bursar_jobs::enqueue(tx, &EraseDue {}).await).await.unwrap();
    app.drain(cx).await.unwrap();
}

/// Somebody who signs in for these customers.
async fn user(cx: &TestCx, email: &'static str, customers: Vec<i64>) -> i64 {
    cx.write(async move |tx: &mut Tx| {
        let new = NewUser { email: email.into(), name: "Ann".into(), password: None, is_verified: true };
        let user_id = register_user(tx, &new).await.map_err(|e| Fault::new(e.to_string()))?;
        for customer_id in customers.clone() {
            let name = "Ann's".to_owned();
            add_membership(
                tx,
                &Membership { user_id, customer_id, role: TeamRole::Owner, customer_name: name },
            )
            .await?;
        }
        Ok::<_, Fault>(user_id)
    })
    .await
    .unwrap()
}

#[test]
fn a_copy_is_made_page_by_page_and_again_after_a_crash() {
    in_office(async |app, cx| {
        let id = make(&cx, ann()).await.get();
        let request = ask_copy(&cx, id).await.unwrap();
        assert_eq!(ask_copy(&cx, id).await.unwrap(), request, "one copy is made at a time");
        app.drain(&cx).await.unwrap();
        let ready = newest(&cx, id).await;
        assert_eq!((ready.id, ready.state), (request, PrivacyState::Ready));
        assert_eq!(ready.due_at, cx.now().plus_days(7));
        // The same job again: it was done, and nothing is lost.
        let job = bursar_customers::privacy::MakeCopy { request_id: request };
        cx.write(async move |tx: &mut Tx| bursar_jobs::enqueue(tx, &job).await).await.unwrap();
        app.drain(&cx).await.unwrap();
        let lines =
            cx.read(async move |tx: &mut Tx| bursar_customers::privacy::lines(tx, request).await).await;
        let lines = lines.unwrap();
        let of = |kind: &str| lines.lines().filter(|line| line.contains(kind)).count();
        assert_eq!((of("\"shop.rows\""), of("\"customers.customer\"")), (500, 1));
        assert!(lines.contains("{\"data\":{\"row\":500},\"kind\":\"shop.rows\"}"), "the last row too");
    });
}

#[test]
fn what_stands_in_the_way_is_asked_at_the_wish_and_again_at_the_end() {
    in_office(async |app, cx| {
        let id = make(&cx, ann()).await.get();
        owes_now(&cx, true).await;
        assert!(matches!(ask_erasure(&cx, id).await, Err(CustomerError::Hindered)));
        owes_now(&cx, false).await;
        let request = ask_erasure(&cx, id).await.unwrap();
        assert_eq!(ask_erasure(&cx, id).await.unwrap(), request);
        approve(&cx, request).await.unwrap();
        assert!(matches!(approve(&cx, request).await, Err(CustomerError::Changed)), "once");
        owes_now(&cx, true).await;
        cx.test_clock().advance_days(15);
        run_erasures(&app, &cx).await;
        assert_eq!(newest(&cx, id).await.state, PrivacyState::Asked, "it is staff's again");
        assert_eq!(get(&cx, Id::new(id)).await.details.postal.first_name, "Ann");
        withdraw(&cx, id).await.unwrap();
        assert!(matches!(withdraw(&cx, id).await, Err(CustomerError::NotFound(_))));
    });
}

#[test]
fn an_erasure_forgets_the_customer_and_those_who_act_for_nobody_else() {
    in_office(async |app, cx| {
        let (id, other) = (make(&cx, ann()).await.get(), make(&cx, ann()).await.get());
        let alone = user(&cx, "ann@example.com", vec![id]).await;
        let busy = user(&cx, "accountant@example.com", vec![id, other]).await;
        let request = ask_erasure(&cx, id).await.unwrap();
        approve(&cx, request).await.unwrap();
        cx.test_clock().advance_days(15);
        let today = cx.today();
        run_erasures(&app, &cx).await;
        let done = newest(&cx, id).await;
        assert_eq!(done.state, PrivacyState::Done);
        assert_eq!(done.kept_until.map(|on| i64::from(on.year())), Some(i64::from(today.year()) + 10));
        let customer = get(&cx, Id::new(id)).await;
        assert_eq!(customer.details.postal.company, format!("Erased {id}"));
        assert_eq!(customer.details.postal.tax_id, "");
        assert_eq!(customer.status, Status::Closed);
        assert_eq!(get(&cx, Id::new(other)).await.details.postal.first_name, "Ann");
        let (gone, stays) = cx
            .read(async move |tx: &mut Tx| {
                Ok::<_, Fault>((find_user(tx, alone).await?, find_user(tx, busy).await?))
            })
            .await
            .unwrap();
        let gone = gone.unwrap();
        assert_eq!(
            (gone.email, gone.name, gone.is_active),
            (format!("erased-{alone}@erased.invalid"), String::new(), false)
        );
        assert_eq!(stays.unwrap().email, "accountant@example.com");
        let words = cx
            .read(async |tx: &mut Tx| bursar_customers::find_by_words(tx, "example.com", 10).await)
            .await
            .unwrap();
        assert!(!words.contains(&id), "a search does not find them any more");
        // Once more changes nothing.
        run_erasures(&app, &cx).await;
        assert_eq!(newest(&cx, id).await, done);
    });
}
