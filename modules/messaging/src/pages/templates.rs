//! What mails say.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::Path;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_i18n::Locale;
use bursar_mail::{Draft, MailBook, MailTemplate};
use bursar_web::{Flash, Form, PageResult, Permission, Problem, Routes, Visit, escape_html};
use serde_json::{Value, json};

use crate::error::MessageError;
use crate::permissions;
use crate::sender::SenderSettings;
use crate::templates::{self, check, registered, reset_template, save_template};

const LIST: &str = "messaging/templates/admin_list.html";
const EDIT: &str = "messaging/templates/admin_edit.html";

pub(super) fn routes() -> Routes {
    let edit = || Permission(permissions::TEMPLATE_EDIT);
    Routes::<()>::new("messaging")
        .get("/admin/mail/templates", edit(), list)
        .get("/admin/mail/templates/{name}/{locale}", edit(), page)
        .get("/admin/mail/templates/{name}/{locale}/html", edit(), current)
        .post("/admin/mail/templates/{name}/{locale}", edit(), save)
        .post("/admin/mail/templates/{name}/{locale}/preview", edit(), preview)
        .post("/admin/mail/templates/{name}/{locale}/reset", edit(), reset)
        .with_state(())
}

async fn list(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    let own = cx.read(async |tx: &mut Tx| templates::list(tx).await).await?;
    let mut changed: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, locale) in &own {
        changed.entry(name).or_default().push(locale);
    }
    let book = cx.foundation().attachments.get::<MailBook>();
    let rows: Vec<Value> = book
        .into_iter()
        .flat_map(MailBook::templates)
        .map(|template| {
            json!({
                "name": template.name, "label": visit.translator().label(template.label),
                "is_essential": template.is_essential,
                "changed": changed.get(template.name).map(|it| it.join(", ")).unwrap_or_default(),
            })
        })
        .collect();
    visit.page(LIST, json!({ "rows": rows, "locales": locales("") }))
}

fn locales(current: &str) -> Vec<Value> {
    Locale::ALL
        .into_iter()
        .map(|it| json!({ "code": it.code(), "name": it.name(), "is_current": it.code() == current }))
        .collect()
}

/// The template and the language of a path.
fn wanted(cx: &Cx, name: &str, locale: &str) -> PageResult<(MailTemplate, Locale)> {
    let locale = Locale::ALL.into_iter().find(|it| it.code() == locale).ok_or_else(Problem::not_found)?;
    Ok((registered(cx, name)?, locale))
}

/// The text in force, and whether it is the tenant's own.
async fn in_force(cx: &Cx, template: &MailTemplate, locale: Locale) -> Result<(Draft, bool), Fault> {
    let name = template.name;
    let own = cx.read(async move |tx: &mut Tx| templates::find(tx, name, locale).await).await?;
    Ok(own.map_or_else(|| (template.built_in(locale), false), |own| (own, true)))
}

fn context(visit: &Visit, template: &MailTemplate, locale: Locale, form: &Form, is_own: bool) -> Value {
    let sample = (template.samples)().into_iter().next().unwrap_or_default();
    let mut values = Vec::new();
    spell(&sample, "", &mut values);
    json!({
        "form": form.view(), "name": template.name, "label": visit.translator().label(template.label),
        "locale": locale.code(), "direction": locale.direction().code(), "language": locale.name(),
        "locales": locales(locale.code()), "is_own": is_own, "values": values,
    })
}

/// The values a template can use, by the names it uses them with.
fn spell(value: &Value, path: &str, found: &mut Vec<Value>) {
    match value {
        Value::Object(fields) if !fields.contains_key("minor") => {
            for (name, value) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                spell(value, &path, found);
            }
        }
        Value::Object(_) => found.push(json!({ "name": format!("{path} | money"), "sample": "" })),
        Value::Array(_) => found.push(json!({ "name": path, "sample": "…" })),
        Value::Null => found.push(json!({ "name": path, "sample": "" })),
        Value::String(text) => found.push(json!({ "name": path, "sample": text })),
        other => found.push(json!({ "name": path, "sample": other.to_string() })),
    }
}

async fn page(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path((name, locale)): Path<(String, String)>,
) -> PageResult {
    let (template, locale) = wanted(&cx, &name, &locale)?;
    let (draft, is_own) = in_force(&cx, &template, locale).await?;
    let form = Form::filled([("subject", draft.subject), ("body", draft.body)]);
    visit.page(EDIT, context(&visit, &template, locale, &form, is_own))
}

/// The mail with its first sample, as its reader would see it.
async fn framed(
    visit: &Visit,
    cx: &Cx,
    template: &MailTemplate,
    locale: Locale,
    draft: &Draft,
) -> PageResult {
    let sender = cx.read(async |tx: &mut Tx| SenderSettings::named(tx).await).await?;
    let sample = (template.samples)().into_iter().next().unwrap_or_default();
    let html = match draft.render(locale, &sample, &sender.letterhead()) {
        Ok(mail) => mail.html,
        Err(error) => {
            let error = escape_html(&error.to_string());
            format!(
                "<!doctype html><html lang=\"en\"><title>Preview</title><p>This cannot be sent: {error}.</p></html>"
            )
        }
    };
    Ok(visit.frame_content(html))
}

async fn current(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path((name, locale)): Path<(String, String)>,
) -> PageResult {
    let (template, locale) = wanted(&cx, &name, &locale)?;
    let (draft, _) = in_force(&cx, &template, locale).await?;
    framed(&visit, &cx, &template, locale, &draft).await
}

fn typed(form: &Form) -> Draft {
    let body = form.all("body").next().unwrap_or_default().replace("\r\n", "\n");
    Draft { subject: form.text("subject").to_owned(), body }
}

async fn preview(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path((name, locale)): Path<(String, String)>,
    form: Form,
) -> PageResult {
    let (template, locale) = wanted(&cx, &name, &locale)?;
    framed(&visit, &cx, &template, locale, &typed(&form)).await
}

async fn save(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path((name, code)): Path<(String, String)>,
    mut form: Form,
) -> PageResult {
    let (template, locale) = wanted(&cx, &name, &code)?;
    let draft = typed(&form);
    // Asked first, so that a text which could not be sent comes back with what was typed.
    let result = match check(&template, locale, &draft) {
        Ok(()) => save_template(&cx, template.name, locale, draft).await,
        Err(refused) => Err(refused),
    };
    match result {
        Ok(()) => {
            let done = format!("The {} text is saved and used from now on.", locale.name());
            visit.redirect_with(format!("/admin/mail/templates/{name}/{code}"), Flash::success(done))
        }
        Err(MessageError::Invalid(fields)) => {
            form.refuse_all(fields);
            let (_, is_own) = in_force(&cx, &template, locale).await?;
            visit.refused_form(EDIT, context(&visit, &template, locale, &form, is_own))
        }
        Err(error) => Err(error.into()),
    }
}

async fn reset(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path((name, code)): Path<(String, String)>,
) -> PageResult {
    let (template, locale) = wanted(&cx, &name, &code)?;
    reset_template(&cx, template.name, locale).await?;
    let to = format!("/admin/mail/templates/{name}/{code}");
    visit.redirect_with(to, Flash::success("The text that comes with Bursar is used again."))
}
