//! Signing up and in inside the checkout. The cart comes along; the address decides the tax that is then shown.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use bursar_context::Cx;
use bursar_customers::{CustomerDetails, CustomerError, NewCustomer, Postal};
use bursar_db::Tx;
use bursar_fault::{ErrorKind, Fault, FieldError, Refusal as _};
use bursar_identity::mail::IdentityMail;
use bursar_identity::{
    Client, Gatehouse, IdentityError, Limit, Membership, NewUser, PasswordHash, Session, TeamRole, User,
    add_membership, begin_session, belongs_anywhere, find_user, hash_password, password_problem,
    send_verification, sign_in_user, sign_up_user, spend, store_session, switch_customer,
};
use bursar_ids::Actor;
use bursar_web::{Form, LocalPath, PageResult, Problem, Surface, Visit};

use super::{Shop, checkout};

/// New accounts per network address: a household, not a robot.
const SIGN_UPS: Limit = Limit { tries: 10, minutes: 60 };

/// Why nobody was signed up.
enum Refused {
    Fields(Vec<FieldError>),
    TooMany,
    Fault(Fault),
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<CustomerError> for Refused {
    fn from(error: CustomerError) -> Self {
        match error {
            CustomerError::Fault(fault) => Self::Fault(fault),
            other => match other.kind() {
                ErrorKind::Invalid(fields) => Self::Fields(fields),
                _ => Self::Fault(Fault::new(other.to_string())),
            },
        }
    }
}

impl From<IdentityError> for Refused {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::Fault(fault) => Self::Fault(fault),
            IdentityError::Invalid(fields) => Self::Fields(fields),
            other => Self::Fault(Fault::new(other.to_string())),
        }
    }
}

/// A user who is signed in and was never in a team: they came by another service, and what they order for is made now.
pub(super) async fn newcomer(visit: &Visit, cx: &Cx) -> Result<Option<User>, Fault> {
    let Some(who) = visit.who().filter(|who| who.customer_ids().is_empty()) else { return Ok(None) };
    let Actor::User(user) = who.actor else { return Ok(None) };
    cx.read(
        async move |tx: &mut Tx| {
            if belongs_anywhere(tx, user).await? { Ok(None) } else { find_user(tx, user).await }
        },
    )
    .await
}

/// Makes a user and the customer they order for, and signs them in; for somebody who is a user already, the customer. What
/// they see is the same whether or not somebody has the address already: only a mail to it says which.
pub(super) async fn sign_up(
    visit: Visit,
    State(shop): State<Shop>,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    headers: HeaderMap,
    mut form: Form,
) -> PageResult {
    let scene = shop.scene(&visit, &cx, &headers).await?;
    let newcomer = newcomer(&visit, &cx).await?;
    let is_somebody = visit.who().is_some() && newcomer.is_none();
    if is_somebody || scene.cart.as_ref().is_none_or(|cart| cart.items.is_empty()) {
        return visit.redirect("/checkout");
    }
    let postal = postal(&mut form, newcomer.as_ref().map(|user| user.email.clone()));
    let password = form.all("password").next().unwrap_or_default().to_owned();
    if newcomer.is_none() {
        form.refuse_all(password_problem(&password));
    }
    let mut refused = None;
    if !form.is_refused() {
        let language = visit.locale().code().to_owned();
        let details = CustomerDetails { postal, language, ..CustomerDetails::default() };
        let new = NewCustomer { currency: scene.currency, details };
        let made = match &newcomer {
            Some(user) => join(&cx, &visit, new, user.id).await.map(|()| None),
            None => register(&cx, &visit, &house, new, password).await.map(Some),
        };
        match made {
            Ok(session) => {
                let mut response = visit.redirect("/checkout")?;
                if let Some(session) = session {
                    store_session(&visit, &mut response, &session);
                }
                return Ok(response);
            }
            Err(Refused::Fields(fields)) => form.refuse_all(fields),
            Err(Refused::TooMany) => refused = Some(visit.t("storefront-account-too-many")),
            Err(Refused::Fault(fault)) => return Err(fault.into()),
        }
    }
    let own = checkout::context(&visit, &cx, &shop, &scene, &form, refused).await?;
    visit.refused_form(checkout::CHECKOUT, scene.with(own))
}

/// The address from the form; a user's own e-mail address is not asked again.
fn postal(form: &mut Form, email: Option<String>) -> Postal {
    Postal {
        first_name: form.required("first_name", 100),
        last_name: form.required("last_name", 100),
        company: form.optional("company", 200).unwrap_or_default(),
        email: email.unwrap_or_else(|| form.required("email", 254)),
        phone: form.optional("phone", 40).unwrap_or_default(),
        address1: form.required("address1", 200),
        address2: form.optional("address2", 200).unwrap_or_default(),
        city: form.required("city", 200),
        state: form.optional("state", 200).unwrap_or_default(),
        postcode: form.optional("postcode", 20).unwrap_or_default(),
        country: form.required("country", 2),
        tax_id: form.optional("tax_id", 40).unwrap_or_default(),
    }
}

/// New accounts from one network are few.
async fn may_register(cx: &Cx, visit: &Visit) -> Result<(), Refused> {
    let from = visit.client_network().to_string();
    let allowed = cx.write(async move |tx: &mut Tx| spend(tx, SIGN_UPS, "sign-up", &from).await).await?;
    if allowed { Ok(()) } else { Err(Refused::TooMany) }
}

/// Makes the customer that a user orders for, who acts for it from now on.
async fn join(cx: &Cx, visit: &Visit, new: NewCustomer, user_id: i64) -> Result<(), Refused> {
    may_register(cx, visit).await?;
    let customer = cx
        .write(async move |tx: &mut Tx| {
            let customer_id = bursar_customers::create(tx, &new).await?.get();
            let customer_name = new.details.postal.display_name();
            let owner = Membership { user_id, customer_id, role: TeamRole::Owner, customer_name };
            add_membership(tx, &owner).await?;
            Ok::<_, Refused>(customer_id)
        })
        .await?;
    if let Some(who) = visit.who() {
        switch_customer(cx, who.session_hash, user_id, customer).await?;
    }
    Ok(())
}

async fn register(
    cx: &Cx,
    visit: &Visit,
    house: &Gatehouse,
    new: NewCustomer,
    password: String,
) -> Result<Session, Refused> {
    may_register(cx, visit).await?;
    // Before the transaction: a hash is slow on purpose.
    let hash = hash_password(cx, password).await?;
    let (client, mail) = (Client::of(visit), Arc::clone(&house.mail));
    cx.write(async move |tx: &mut Tx| make(tx, &*mail, &new, hash.clone(), &client).await).await
}

async fn make(
    tx: &mut Tx,
    mail: &dyn IdentityMail,
    new: &NewCustomer,
    hash: PasswordHash,
    client: &Client,
) -> Result<Session, Refused> {
    let postal = &new.details.postal;
    let user = NewUser {
        email: postal.email.clone(),
        name: postal.full_name(),
        password: Some(hash),
        is_verified: false,
    };
    let user_id = sign_up_user(tx, &user).await?;
    let customer_id = bursar_customers::create(tx, new).await?.get();
    let customer_name = postal.display_name();
    let owner = Membership { user_id, customer_id, role: TeamRole::Owner, customer_name };
    add_membership(tx, &owner).await?;
    send_verification(tx, mail, user_id).await?;
    Ok(begin_session(tx, user_id, Some(customer_id), "sign-up", client).await?)
}

/// Signs in somebody who has an account.
pub(super) async fn sign_in(
    visit: Visit,
    State(shop): State<Shop>,
    Extension(cx): Extension<Cx>,
    headers: HeaderMap,
    mut form: Form,
) -> PageResult {
    let email = form.required("sign_in_email", 254);
    let password = form.all("sign_in_password").next().unwrap_or_default().to_owned();
    if password.is_empty() {
        form.refuse("sign_in_password", visit.t("storefront-account-password-missing"));
    }
    let mut refused = None;
    if !form.is_refused() {
        match sign_in_user(&cx, &email, password, Client::of(&visit)).await {
            Ok(entry) => {
                let back = LocalPath::parse_or(Some("/checkout"), Surface::Customer.home_path());
                return bursar_identity::enter(&visit, &entry, Surface::Customer, &back);
            }
            Err(no @ (IdentityError::NoMatch | IdentityError::TooMany)) => refused = Some(visit.refusal(&no)),
            Err(error) => return Err(error.into()),
        }
    }
    let scene = shop.scene(&visit, &cx, &headers).await?;
    if scene.cart.is_none() {
        return Err(Problem::not_found());
    }
    let own = checkout::context(&visit, &cx, &shop, &scene, &form, refused).await?;
    visit.refused_form(checkout::CHECKOUT, scene.with(own))
}
