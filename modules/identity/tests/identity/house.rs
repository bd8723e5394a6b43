//! What the tests share: people, and who a request comes from.

use std::sync::Arc;

use bursar_app::Permission;
use bursar_db::{Migrations, Tx};
use bursar_identity::{
    Client, IdentityError, Membership, NewStaff, NewUser, Policy, RoleBook, Session, SessionAuthenticator,
    Setup, TeamRole,
};
use bursar_ids::Rng;
use bursar_testkit::TestCx;
use bursar_vault::{KeyRing, Vault};
use bursar_web::{Authenticate, Principal, Transport};

pub const PASSWORD: &str = "seven grey otters";

pub fn schema() -> Vec<Migrations> {
    vec![
        bursar_events::migrations(),
        bursar_audit::migrations(),
        bursar_web::migrations(),
        bursar_identity::migrations(),
    ]
}

/// Two permissions of staff and two of customers.
pub fn book() -> Arc<RoleBook> {
    Arc::new(RoleBook::new(&[
        Permission::staff("shop.door.open", "Open the door", &["support"]),
        Permission::staff("shop.till.open", "Open the till", &["billing"]),
        Permission::customer("shop.bill.see", "See bills", &["billing", "read_only"]),
        Permission::customer("shop.bill.pay", "Pay bills", &["billing"]),
    ]))
}

pub fn client() -> Client {
    Client { address: "192.0.2.7".to_owned(), agent: "Test/1".to_owned(), ..Client::default() }
}

pub fn olga(email: &str, password: &str) -> NewStaff {
    NewStaff { name: "Olga Owner".to_owned(), email: email.to_owned(), password: password.to_owned() }
}

pub async fn setup_token(cx: &TestCx) -> String {
    match bursar_identity::begin_setup(cx).await.unwrap() {
        Setup::Needed { path } => path.strip_prefix("/admin/set-up/").unwrap().to_owned(),
        Setup::Done => panic!("nobody works here yet"),
    }
}

/// No second factor is asked of staff.
pub async fn relax(cx: &TestCx) {
    let policy = Policy { staff_second_factor: false, ..Policy::default() };
    cx.write(async move |tx: &mut Tx| bursar_identity::put_policy(tx, &policy).await).await.unwrap();
}

pub fn vault() -> Vault {
    Vault::new(KeyRing::generate(&mut Rng::from_seed(3)))
}

pub async fn set_up(cx: &TestCx) -> Session {
    relax(cx).await;
    let token = setup_token(cx).await;
    bursar_identity::finish_setup(cx, &token, olga("Olga@Example.com", PASSWORD), client()).await.unwrap()
}

pub async fn sign_in(cx: &TestCx, email: &str, password: &str) -> Result<Session, IdentityError> {
    let entry = bursar_identity::sign_in(cx, email, password.to_owned(), client()).await?;
    Ok(entry.session().expect("no second factor is set up"))
}

pub async fn who(cx: &TestCx, session: &Session) -> Option<Principal> {
    let authenticator = SessionAuthenticator::new(Transport::Plain, book());
    let request = axum::http::Request::builder()
        .header("cookie", format!("bursar_session={}", session.token))
        .extension(cx.cx())
        .body(())
        .unwrap();
    authenticator.authenticate(&request.into_parts().0).await.unwrap()
}

/// A user with the usual password who has not shown yet that the address is theirs.
pub async fn a_user(cx: &TestCx, email: &str) -> i64 {
    make_user(cx, email, false).await
}

/// The same after they have.
pub async fn a_confirmed_user(cx: &TestCx, email: &str) -> i64 {
    make_user(cx, email, true).await
}

async fn make_user(cx: &TestCx, email: &str, is_verified: bool) -> i64 {
    let password = bursar_identity::hash_password(cx, PASSWORD.to_owned()).await.unwrap();
    let new = NewUser {
        email: email.to_owned(),
        name: "Ann Buyer".to_owned(),
        password: Some(password),
        is_verified,
    };
    cx.write(async move |tx: &mut Tx| bursar_identity::register_user(tx, &new).await).await.unwrap()
}

pub async fn join(cx: &TestCx, user_id: i64, customer_id: i64, role: TeamRole) {
    let membership =
        Membership { user_id, customer_id, role, customer_name: format!("Customer {customer_id}") };
    cx.write(async move |tx: &mut Tx| bursar_identity::add_membership(tx, &membership).await).await.unwrap();
}
