//! The mail server and the sender.

use axum::Extension;
use axum::extract::State;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{ErrorKind, Refusal as _};
use bursar_vault::{Secret, Vault};
use bursar_web::{Flash, Form, PageResult, Permission, Routes, Visit};
use serde_json::{Value, json};

use crate::error::MessageError;
use crate::permissions;
use crate::sender::{Login, Security, SenderForm, SenderSettings, save_sender, send_test};

const PAGE: &str = "messaging/settings/admin_edit.html";
pub(super) const AT: &str = "/admin/mail/settings";

pub(super) fn routes(vault: Vault) -> Routes {
    let edit = || Permission(permissions::SENDER_EDIT);
    Routes::new("messaging")
        .get(AT, edit(), page)
        .post(AT, edit(), save)
        .post("/admin/mail/settings/test", edit(), test)
        .with_state(vault)
}

async fn settings(cx: &Cx) -> PageResult<SenderSettings> {
    Ok(cx.read(async |tx: &mut Tx| SenderSettings::load(tx).await).await?)
}

fn context(form: &Form, settings: &SenderSettings) -> Value {
    let smtp = settings.smtp.as_ref();
    json!({
        "form": form.view(), "sends": smtp.is_some(),
        "has_password": smtp.is_some_and(|it| !it.password_sealed.is_empty()),
        "securities": [
            { "value": "start_tls", "label": "STARTTLS (usually port 587)" },
            { "value": "tls", "label": "TLS from the start (usually port 465)" },
            { "value": "plain", "label": "None, to a server on this machine" },
        ],
    })
}

async fn page(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    let settings = settings(&cx).await?;
    let smtp = settings.smtp.as_ref();
    let form = Form::filled([
        ("from_name", settings.from_name.clone()),
        ("from_email", settings.from_email.clone()),
        ("reply_to", settings.reply_to.clone()),
        ("footer", settings.footer.clone()),
        ("colour", settings.colour.clone()),
        ("host", smtp.map(|it| it.host.clone()).unwrap_or_default()),
        ("port", smtp.map_or_else(|| "587".to_owned(), |it| it.port.to_string())),
        ("security", code(smtp.map(|it| it.security).unwrap_or_default()).to_owned()),
        ("username", smtp.map(|it| it.username.clone()).unwrap_or_default()),
    ]);
    visit.page(PAGE, context(&form, &settings))
}

const fn code(security: Security) -> &'static str {
    match security {
        Security::Tls => "tls",
        Security::StartTls => "start_tls",
        Security::Plain => "plain",
    }
}

/// What was typed. A password left empty keeps the stored one, because it is never shown.
fn typed(form: &mut Form) -> SenderForm {
    let mut line = |field: &'static str, most| form.optional(field, most).unwrap_or_default();
    let (from_name, from_email) = (line("from_name", 100), line("from_email", 254));
    let (reply_to, footer) = (line("reply_to", 254), line("footer", 1_000));
    let (colour, host) = (line("colour", 7), line("host", 253));
    let username = line("username", 254);
    let password = form.all("password").next().unwrap_or_default().to_owned();
    let security = match form.text("security") {
        "tls" => Security::Tls,
        "plain" => Security::Plain,
        _ => Security::StartTls,
    };
    let login = match (username.is_empty(), password.is_empty()) {
        (true, _) => Login::None,
        (false, true) => Login::Keep(username),
        (false, false) => Login::New(username, Secret::new(password)),
    };
    let port = form.text("port").parse().ok();
    SenderForm { from_name, from_email, reply_to, footer, colour, host, port, security, login }
}

async fn save(
    visit: Visit,
    State(vault): State<Vault>,
    Extension(cx): Extension<Cx>,
    mut form: Form,
) -> PageResult {
    let typed = typed(&mut form);
    let refused = form.is_refused();
    let result =
        if refused { Err(MessageError::Invalid(Vec::new())) } else { save_sender(&cx, &vault, typed).await };
    match result {
        Ok(()) => visit.redirect_with(AT, Flash::success("The mail settings are saved.")),
        Err(MessageError::Invalid(fields)) => {
            form.refuse_all(fields);
            visit.refused_form(PAGE, context(&form, &settings(&cx).await?))
        }
        Err(error) => Err(error.into()),
    }
}

async fn test(visit: Visit, Extension(cx): Extension<Cx>, form: Form) -> PageResult {
    match send_test(&cx, form.text("to").to_owned(), visit.locale()).await {
        Ok(id) => visit.redirect(format!("/admin/mail/{id}")),
        Err(MessageError::Invalid(fields)) => {
            let why = fields.into_iter().next().map(|it| it.message).unwrap_or_default();
            visit.redirect_with(AT, Flash::danger(why))
        }
        Err(refused) if refused.kind() == ErrorKind::Conflict => {
            visit.redirect_with(AT, Flash::danger(refused.message()))
        }
        Err(error) => Err(error.into()),
    }
}
