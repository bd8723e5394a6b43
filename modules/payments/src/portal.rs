//! A customer's payment methods: what is kept, which one is usual, another one by the vendor's own page, and whether
//! invoices are paid without asking.

use axum::Extension;
use axum::extract::{Path, State};
use bursar_app::Registry;
use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{ErrorKind, Fault, Refusal as _};
use bursar_gateway::Gateway;
use bursar_web::{Flash, Form, PageResult, Permission, Problem, Routes, Visit};
use serde_json::{Value, json};

use crate::error::PayError;
use crate::gateways::Gateways;
use crate::permissions::PORTAL_METHOD_MANAGE;
use crate::setups::{SetupResult, begin_setup, finish_setup};
use crate::{
    charge_automatically, charge_by_hand, forget_method, list_methods, make_default, pays_automatically,
};

const HERE: &str = "/portal/methods";
const PAGE: &str = "payments/methods/portal_list.html";

pub(crate) fn register(registry: &mut Registry, gateways: &Gateways) {
    let may = || Permission(PORTAL_METHOD_MANAGE);
    registry.texts(bursar_i18n::texts!("../locales"));
    registry.template("methods/portal_list.html", include_str!("../templates/methods/portal_list.html"));
    registry.routes(
        Routes::new("payments")
            .get(HERE, may(), page)
            .post("/portal/methods", may(), add)
            .get("/portal/methods/setups/{id}", may(), come_back)
            .post("/portal/methods/automatic", may(), automatic)
            .post("/portal/methods/{id}/usual", may(), usual)
            .post("/portal/methods/{id}/remove", may(), remove)
            .with_state(gateways.clone()),
    );
}

fn own(visit: &Visit) -> PageResult<i64> {
    visit.who().and_then(|who| who.customer_id()).ok_or_else(Problem::not_found)
}

async fn page(visit: Visit, State(gateways): State<Gateways>, Extension(cx): Extension<Cx>) -> PageResult {
    let customer = own(&visit)?;
    let (methods, is_automatic) = cx
        .read(async move |tx: &mut Tx| {
            Ok::<_, Fault>((list_methods(tx, customer).await?, pays_automatically(tx, customer).await?))
        })
        .await?;
    let unattended =
        |id: &str| gateways.find(id).is_some_and(|gateway| gateway.manifest().charges_unattended);
    let rows: Vec<Value> = methods
        .iter()
        .map(|method| {
            json!({
                "id": method.id, "label": method.label, "expires": method.expires, "is_usual": method.is_default,
                "is_unattended": unattended(&method.gateway),
            })
        })
        .collect();
    let offers: Vec<Value> = gateways
        .manifests()
        .filter(|manifest| gateways.find(manifest.id).and_then(Gateway::method_setups).is_some())
        .map(|manifest| json!({ "id": manifest.id, "name": manifest.name }))
        .collect();
    visit.page(PAGE, json!({ "rows": rows, "offers": offers, "is_automatic": is_automatic }))
}

/// Back to the page with what was done; what the gateway refuses, or cannot say now, is said there too.
fn back(visit: &Visit, done: Result<Flash, PayError>) -> PageResult {
    match done {
        Ok(flash) => visit.redirect_with(HERE, flash),
        Err(error) => match error.kind() {
            ErrorKind::Conflict => {
                visit.redirect_with(HERE, Flash::danger(visit.t("payments-gateway-refused")))
            }
            ErrorKind::Unavailable => {
                visit.redirect_with(HERE, Flash::danger(visit.t("payments-gateway-away")))
            }
            ErrorKind::NotFound | ErrorKind::Forbidden | ErrorKind::Invalid(_) | ErrorKind::Fault => {
                Err(error.into())
            }
        },
    }
}

async fn add(
    visit: Visit,
    State(gateways): State<Gateways>,
    Extension(cx): Extension<Cx>,
    form: Form,
) -> PageResult {
    cx.require(PORTAL_METHOD_MANAGE)?;
    let return_to = "/portal/methods/setups/";
    match begin_setup(&cx, &gateways, own(&visit)?, form.text("gateway"), return_to).await {
        Ok(url) => visit.go_on(&url),
        Err(error) => back(&visit, Err(error)),
    }
}

async fn come_back(
    visit: Visit,
    State(gateways): State<Gateways>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
) -> PageResult {
    let customer = own(&visit)?;
    let finished = finish_setup(&cx, &gateways, customer, id).await;
    if let Ok(SetupResult::Stored(method)) = finished {
        note(&cx, customer, "payments.method.add", json!({ "method": method })).await?;
    }
    back(
        &visit,
        finished.map(|result| match result {
            SetupResult::Stored(_) => Flash::success(visit.t("payments-method-added")),
            SetupResult::Waiting { .. } => Flash::info(visit.t("payments-method-waiting")),
            SetupResult::Abandoned => Flash::info(visit.t("payments-method-none")),
        }),
    )
}

async fn usual(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    cx.require(PORTAL_METHOD_MANAGE)?;
    let customer = own(&visit)?;
    let done = cx.write(async move |tx: &mut Tx| make_default(tx, customer, id).await).await;
    if done.is_ok() {
        note(&cx, customer, "payments.method.usual", json!({ "method": id })).await?;
    }
    back(&visit, done.map(|()| Flash::success(visit.t("payments-method-usual-done"))))
}

async fn remove(
    visit: Visit,
    State(gateways): State<Gateways>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
) -> PageResult {
    cx.require(PORTAL_METHOD_MANAGE)?;
    let customer = own(&visit)?;
    let done = forget_method(&cx, &gateways, customer, id).await;
    if done.is_ok() {
        note(&cx, customer, "payments.method.remove", json!({ "method": id })).await?;
    }
    back(&visit, done.map(|()| Flash::success(visit.t("payments-method-removed"))))
}

async fn automatic(visit: Visit, Extension(cx): Extension<Cx>, form: Form) -> PageResult {
    cx.require(PORTAL_METHOD_MANAGE)?;
    let customer = own(&visit)?;
    let is_on = form.text("automatic") == "on";
    cx.write(async move |tx: &mut Tx| match is_on {
        true => charge_automatically(tx, customer).await,
        false => charge_by_hand(tx, customer).await,
    })
    .await?;
    note(&cx, customer, "payments.automatic", json!({ "is_on": is_on })).await?;
    let said = if is_on { "payments-automatic-is-on" } else { "payments-automatic-is-off" };
    visit.redirect_with(HERE, Flash::success(visit.t(said)))
}

async fn note(cx: &Cx, customer: i64, action: &'static str, after: Value) -> Result<(), Fault> {
    cx.write(async move |tx: &mut Tx| {
        let subject = format!("customer:{customer}");
        let audit = Audit { action, subject: &subject, before: None, after: Some(after.clone()) };
        bursar_audit::record(tx, audit).await
    })
    .await
}
