//! The pages about personal data: a customer's own, and the wishes that wait for staff.

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query};
use axum::http::{HeaderValue, Response, header};
use bursar_app::{PersonalBook, Registry};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{ErrorKind, Fault, Refusal as _};
use bursar_web::{Flash, Form, Nav, PageResult, Permission, Problem, Routes, Surface, Visit};
use futures_util::{StreamExt as _, stream};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{PrivacyKind, PrivacyRequest, PrivacySettings, PrivacyState, approve, ask_copy, ask_erasure};
use super::{find, hindrances, list_open, of_customer, refuse, store, withdraw};
use crate::error::CustomerError;
use crate::pages::names;
use crate::permissions::{PORTAL_PRIVACY, PRIVACY_DECIDE};

const HERE: &str = "/portal/privacy";
const OFFICE: &str = "/admin/privacy";
const ROWS: i64 = 50;

pub(super) fn register(registry: &mut Registry) {
    registry.template("privacy/portal_show.html", include_str!("../../templates/privacy/portal_show.html"));
    registry.template("privacy/admin_list.html", include_str!("../../templates/privacy/admin_list.html"));
    registry.nav(Nav {
        surface: Surface::Customer,
        section: "account",
        label: "customers-nav-privacy",
        icon: "eye",
        href: HERE,
        permission: Some(PORTAL_PRIVACY),
        order: 910,
    });
    registry.nav(Nav {
        surface: Surface::Staff,
        section: "Office",
        label: "Privacy",
        icon: "eye",
        href: OFFICE,
        permission: Some(PRIVACY_DECIDE),
        order: 830,
    });
    let (own, decide) = (|| Permission(PORTAL_PRIVACY), || Permission(PRIVACY_DECIDE));
    registry.routes(
        Routes::<()>::new("customers")
            .get(HERE, own(), show)
            .post("/portal/privacy/copy", own(), copy)
            .fresh()
            .get("/portal/privacy/copy/{id}", own(), download)
            .fresh()
            .post("/portal/privacy/erase", own(), erase)
            .fresh()
            .post("/portal/privacy/keep", own(), keep)
            .personal()
            .get(OFFICE, decide(), list)
            .post("/admin/privacy/{id}/approve", decide(), accept)
            .fresh()
            .post("/admin/privacy/{id}/refuse", decide(), decline)
            .fresh()
            .with_state(()),
    );
}

fn own(visit: &Visit) -> PageResult<i64> {
    visit.who().and_then(|who| who.customer_id()).ok_or_else(Problem::not_found)
}

fn row(request: &PrivacyRequest) -> Value {
    json!({
        "id": request.id, "state": request.state.code(), "asked_at": request.asked_at, "due_at": request.due_at,
        "why": request.decided_why, "done_at": request.done_at, "kept_until": request.kept_until,
        "customer_id": request.customer_id,
    })
}

/// What is kept when somebody is forgotten, each reason once.
fn kept(cx: &Cx) -> Vec<&'static str> {
    let book = cx.foundation().attachments.get::<PersonalBook>();
    let mut why: Vec<&str> =
        book.into_iter().flat_map(PersonalBook::all).filter_map(|data| data.kept).collect();
    why.dedup();
    why
}

async fn show(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    let customer = own(&visit)?;
    let (requests, hinders, settings) = cx
        .read(async move |tx: &mut Tx| {
            let requests = of_customer(tx, customer).await?;
            Ok::<_, Fault>((requests, hindrances(tx, customer).await?, PrivacySettings::load(tx).await?))
        })
        .await?;
    let copies: Vec<Value> = requests.iter().filter(|it| it.kind == PrivacyKind::Copy).map(row).collect();
    let wish = requests.iter().find(|it| it.kind == PrivacyKind::Erasure);
    let is_open = wish.is_some_and(|it| matches!(it.state, PrivacyState::Asked | PrivacyState::Approved));
    let until = settings.kept_until(visit.today())?;
    visit.page(
        "customers/privacy/portal_show.html",
        json!({
            "copies": copies, "wish": wish.map(row), "is_open": is_open,
            "hinders": hinders.iter().map(|key| visit.t(key)).collect::<Vec<_>>(),
            "kept": kept(&cx).iter().map(|key| visit.t(key)).collect::<Vec<_>>(),
            "kept_until": until, "pause_days": settings.pause_days, "copy_days": settings.copy_days,
        }),
    )
}

async fn copy(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    let customer = own(&visit)?;
    ask_copy(&cx, customer).await?;
    visit.redirect_with(HERE, Flash::success(visit.t("customers-privacy-copy-asked")))
}

/// The copy as a file, piece by piece.
async fn download(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
) -> PageResult<Response<Body>> {
    let customer = own(&visit)?;
    let now = visit.now();
    let found = cx.read(async move |tx: &mut Tx| find(tx, id).await).await?;
    let is_there = |it: &PrivacyRequest| {
        it.customer_id == customer
            && it.kind == PrivacyKind::Copy
            && it.state == PrivacyState::Ready
            && it.due_at > now
    };
    found.filter(is_there).ok_or_else(Problem::not_found)?;
    let pieces = stream::unfold((cx, id, 0_i64), |(cx, id, place)| async move {
        let read = cx.clone();
        let piece = read.read(async move |tx: &mut Tx| store::piece(tx, id, place).await).await;
        match piece {
            Ok(Some(lines)) => Some((Ok(Bytes::from(lines)), (cx, id, place + 1))),
            Ok(None) => None,
            Err(fault) => {
                tracing::error!("a copy of personal data broke off: {}", fault.chain());
                // Nobody takes a part for the whole: the transfer breaks off, and the next look finds no piece.
                Some((Err(std::io::Error::other(fault.chain())), (cx, id, i64::MAX)))
            }
        }
    });
    let mut response = Response::new(Body::from_stream(pieces.fuse()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"my-data.jsonl\""),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

async fn erase(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    let customer = own(&visit)?;
    match ask_erasure(&cx, customer).await {
        Ok(_) => visit.redirect_with(HERE, Flash::success(visit.t("customers-privacy-erase-asked"))),
        Err(error @ CustomerError::Hindered) => {
            visit.redirect_with(HERE, Flash::danger(visit.refusal(&error)))
        }
        Err(error) => Err(error.into()),
    }
}

async fn keep(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    let customer = own(&visit)?;
    withdraw(&cx, customer).await?;
    visit.redirect_with(HERE, Flash::success(visit.t("customers-privacy-kept-account")))
}

#[derive(Debug, Deserialize)]
struct Before {
    before: Option<i64>,
}

async fn list(visit: Visit, Extension(cx): Extension<Cx>, Query(query): Query<Before>) -> PageResult {
    let (mut requests, called) = cx
        .read(async move |tx: &mut Tx| {
            let found = list_open(tx, query.before, ROWS + 1).await?;
            let ids: Vec<i64> = found.iter().map(|it| it.customer_id).collect();
            let called = names(tx, &ids).await?;
            Ok::<_, Fault>((found, called))
        })
        .await?;
    let most = usize::try_from(ROWS).unwrap_or(usize::MAX);
    let more = requests.len() > most;
    requests.truncate(most);
    let next = requests.last().filter(|_| more).map(|last| format!("{OFFICE}?before={}", last.id));
    let rows: Vec<Value> = requests
        .iter()
        .map(|request| {
            let mut row = row(request);
            row["customer"] = json!(called.get(&request.customer_id));
            row
        })
        .collect();
    visit.page("customers/privacy/admin_list.html", json!({ "rows": rows, "next": next.unwrap_or_default() }))
}

async fn accept(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    back(&visit, approve(&cx, id).await, "It is approved. The data is erased when the pause is over.")
}

async fn decline(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>, form: Form) -> PageResult {
    back(
        &visit,
        refuse(&cx, id, form.text("why").to_owned()).await,
        "It is refused, and the customer reads why.",
    )
}

fn back(visit: &Visit, done: Result<(), CustomerError>, said: &str) -> PageResult {
    match done {
        Ok(()) => visit.redirect_with(OFFICE, Flash::success(said)),
        Err(error) => match error.kind() {
            ErrorKind::Invalid(fields) => {
                let why = fields.into_iter().next().map(|it| it.message);
                visit.redirect_with(OFFICE, Flash::danger(why.unwrap_or_else(|| error.message())))
            }
            ErrorKind::Conflict => visit.redirect_with(OFFICE, Flash::danger(error.message())),
            ErrorKind::NotFound | ErrorKind::Forbidden | ErrorKind::Unavailable | ErrorKind::Fault => {
                Err(error.into())
            }
        },
    }
}
