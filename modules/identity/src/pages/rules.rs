//! How strict the door is.

use axum::Extension;
use axum::http::HeaderMap;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_web::{Flash, Form, PageResult, Permission, Problem, Routes, Visit};
use serde_json::{Value, json};

use crate::error::IdentityError;
use crate::permissions::POLICY_EDIT;
use crate::policy::{self, Policy};
use crate::roles::{PRESETS, TeamRole, own};
use crate::staff_gate::{self, ProxyGate};

const PAGE: &str = "identity/people/admin_rules.html";
const HERE: &str = "/admin/settings/sign-in";

pub(super) fn routes() -> Routes {
    Routes::<()>::new("identity")
        .get(HERE, Permission(POLICY_EDIT), page)
        .post(HERE, Permission(POLICY_EDIT), save)
        .fresh()
        .with_state(())
}

async fn context(cx: &Cx, visit: &Visit, form: &Form) -> Result<Value, Problem> {
    let own = cx.read(async |tx: &mut Tx| own::list(tx).await).await?;
    let is_ticked = |field: &str, code: &str| form.all(field).any(|it| it == code);
    let ready = PRESETS.iter().map(|it| (it.code.to_owned(), it.label.to_owned()));
    let roles: Vec<Value> = ready
        .chain(own.into_iter().map(|it| (it.code, it.name)))
        .map(|(code, label)| {
            json!({ "code": code, "label": label, "is_ticked": is_ticked("staff_roles_without", &code) })
        })
        .collect();
    let team: Vec<Value> = TeamRole::ALL
        .iter()
        .map(|it| {
            json!({ "code": it.code(), "label": it.label(), "is_ticked": is_ticked("team_roles_with", it.code()) })
        })
        .collect();
    Ok(json!({ "form": form.view(), "roles": roles, "team": team, "address": visit.client_ip().to_string() }))
}

fn filled(policy: &Policy) -> Form {
    let mut form = Form::filled([
        ("trusted_device_days", policy.trusted_device_days.to_string()),
        ("staff_networks", policy.staff_networks.join("\n")),
    ]);
    if policy.staff_second_factor {
        form.set("staff_second_factor", "1");
    }
    for role in &policy.staff_roles_without {
        form.set("staff_roles_without", role);
    }
    for role in &policy.team_roles_with {
        form.set("team_roles_with", role);
    }
    if let Some(proxy) = &policy.proxy {
        form.set("proxy_header", &proxy.header);
        form.set("proxy_issuer", &proxy.issuer);
        form.set("proxy_audience", &proxy.audience);
        form.set("proxy_keys", &proxy.keys);
    }
    form
}

fn read(form: &Form) -> Policy {
    let list = |field: &str| form.all(field).map(str::to_owned).collect::<Vec<_>>();
    let proxy = ProxyGate {
        header: form.text("proxy_header").to_lowercase(),
        issuer: form.text("proxy_issuer").to_owned(),
        audience: form.text("proxy_audience").to_owned(),
        keys: form.text("proxy_keys").to_owned(),
    };
    Policy {
        staff_second_factor: form.is_checked("staff_second_factor"),
        staff_roles_without: list("staff_roles_without"),
        team_roles_with: list("team_roles_with"),
        trusted_device_days: form.text("trusted_device_days").parse().unwrap_or(-1),
        staff_networks: form.text("staff_networks").split_whitespace().map(str::to_owned).collect(),
        proxy: (!proxy.header.is_empty()).then_some(proxy),
    }
}

async fn page(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    let policy = cx.read(async |tx: &mut Tx| policy::policy(tx).await).await?;
    visit.page(PAGE, context(&cx, &visit, &filled(&policy)).await?)
}

async fn save(visit: Visit, Extension(cx): Extension<Cx>, headers: HeaderMap, mut form: Form) -> PageResult {
    let policy = read(&form);
    // Whoever saves must still be able to come back and mend it.
    if !staff_gate::admits(&policy, visit.client_ip(), &headers, visit.now()) {
        let text =
            format!("With these rules you could not come in from here yourself ({}).", visit.client_ip());
        form.refuse("staff_networks", text);
        return visit.refused_form(PAGE, context(&cx, &visit, &form).await?);
    }
    match policy::set_policy(&cx, policy).await {
        Ok(()) => visit.redirect_with(HERE, Flash::success("Saved. The rules hold within a few seconds.")),
        Err(IdentityError::Invalid(fields)) => {
            form.refuse_all(fields);
            visit.refused_form(PAGE, context(&cx, &visit, &form).await?)
        }
        Err(error) => Err(error.into()),
    }
}
