//! Public texts for staff: what is published, writing a new version, looking at an old one.

use axum::Extension;
use axum::extract::{Path, Query};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_i18n::Locale;
use bursar_web::{Flash, Form, PageResult, Permission, Problem, Routes, Visit};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::permissions::{TEXT_EDIT, TEXT_VIEW};
use crate::texts::publish::{Draft, PublishError, publish_text};
use crate::texts::{SiteText, TextName, store};

const LIST: &str = "storefront/texts/admin_list.html";
const EDIT: &str = "storefront/texts/admin_edit.html";
const VERSION: &str = "storefront/texts/admin_version.html";

pub(super) fn routes() -> Routes {
    Routes::<()>::new("storefront")
        .get("/admin/site", Permission(TEXT_VIEW), list)
        .get("/admin/site/{name}", Permission(TEXT_VIEW), edit)
        .post("/admin/site/{name}", Permission(TEXT_EDIT), publish)
        .get("/admin/site/{name}/versions/{version}", Permission(TEXT_VIEW), version)
        .with_state(())
}

fn named(code: &str) -> PageResult<TextName> {
    TextName::parse(code).ok_or_else(Problem::not_found)
}

async fn list(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    let locale = visit.locale();
    let rows = cx
        .read(async move |tx: &mut Tx| {
            let mut rows = Vec::new();
            for name in TextName::ALL {
                let current = store::current(tx, name, locale.code()).await?;
                rows.push(row(name, current.as_ref()));
            }
            Ok::<_, Fault>(rows)
        })
        .await?;
    visit.page(LIST, json!({ "rows": rows }))
}

fn row(name: TextName, current: Option<&SiteText>) -> Value {
    json!({
        "code": name.code(), "label": name.label(), "path": name.path(),
        "title": current.map(|text| &text.title), "version": current.map(|text| text.version),
        "published_at": current.map(|text| text.published_at),
    })
}

#[derive(Debug, Deserialize)]
struct Language {
    locale: Option<String>,
}

async fn edit(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(code): Path<String>,
    Query(language): Query<Language>,
) -> PageResult {
    let name = named(&code)?;
    let locale = language.locale.as_deref().and_then(Locale::parse).unwrap_or_default();
    let current = cx.read(async move |tx: &mut Tx| store::current(tx, name, locale.code()).await).await?;
    let own = current.filter(|text| text.locale == locale.code());
    let (title, body) = own.map_or_else(Default::default, |text| (text.title, text.body_md));
    let form = Form::filled([("title", title), ("body", body), ("locale", locale.code().to_owned())]);
    visit.page(EDIT, context(&cx, name, locale, &form).await?)
}

async fn context(cx: &Cx, name: TextName, locale: Locale, form: &Form) -> PageResult<Value> {
    let versions = cx.read(async move |tx: &mut Tx| store::versions(tx, name).await).await?;
    let versions: Vec<Value> = versions
        .iter()
        .map(|text| {
            json!({
                "version": text.version, "locale": text.locale, "title": text.title,
                "published_at": text.published_at,
            })
        })
        .collect();
    let languages: Vec<Value> = Locale::ALL
        .iter()
        .map(|own| json!({ "code": own.code(), "is_chosen": own.code() == locale.code() }))
        .collect();
    Ok(json!({
        "code": name.code(), "label": name.label(), "path": name.path(), "languages": languages,
        "locale": locale.code(), "versions": versions, "form": form.view(), "preview": form.text("body"),
    }))
}

async fn publish(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(code): Path<String>,
    mut form: Form,
) -> PageResult {
    let name = named(&code)?;
    let locale = Locale::parse(form.text("locale")).ok_or_else(Problem::not_found)?;
    if form.is_checked("look") {
        return visit.page(EDIT, context(&cx, name, locale, &form).await?);
    }
    let (title, body_md) = (form.text("title").to_owned(), form.text("body").to_owned());
    match publish_text(&cx, Draft { name, locale, title, body_md }).await {
        Ok(version) => {
            let flash = Flash::success(format!("{} is published as version {version}.", name.label()));
            visit.redirect_with("/admin/site", flash)
        }
        Err(PublishError::Invalid(fields)) => {
            form.refuse_all(fields);
            visit.refused_form(EDIT, context(&cx, name, locale, &form).await?)
        }
        Err(error) => Err(error.into()),
    }
}

async fn version(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path((code, number)): Path<(String, i64)>,
) -> PageResult {
    let name = named(&code)?;
    let found = cx.read(async move |tx: &mut Tx| store::version(tx, name, number).await).await?;
    let text = found.ok_or_else(Problem::not_found)?;
    visit.page(
        VERSION,
        json!({
            "code": name.code(), "label": name.label(), "version": text.version, "locale": text.locale,
            "title": text.title, "body": text.body_md, "hash": text.hash, "published_at": text.published_at,
        }),
    )
}
