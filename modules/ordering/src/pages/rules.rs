//! The rules of review, deadlines and the questions that products ask.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::Path;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{ErrorKind, Fault, Refusal as _};
use bursar_money::{Currency, Money};
use bursar_web::{Flash, Form, PageResult, Permission, Routes, Visit};
use serde_json::{Value, json};

use crate::error::OrderError;
use crate::permissions::SETTINGS;
use crate::questions::{NewQuestion, QuestionKind, add_question, questions, remove_question};
use crate::settings::{OrderSettings, save_settings};

const RULES: &str = "ordering/orders/admin_rules.html";
const MOST_PRODUCTS: u32 = 500;

pub(super) fn routes() -> Routes {
    Routes::<()>::new("ordering")
        .get("/admin/order-rules", Permission(SETTINGS), page)
        .post("/admin/order-rules", Permission(SETTINGS), save)
        .post("/admin/order-questions", Permission(SETTINGS), ask)
        .post("/admin/order-questions/{id}/remove", Permission(SETTINGS), remove)
        .with_state(())
}

async fn page(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    let settings = cx.read(async |tx: &mut Tx| OrderSettings::load(tx).await).await?;
    visit.page(RULES, context(&cx, &filled(&settings), &Form::default()).await?)
}

fn filled(settings: &OrderSettings) -> Form {
    let mut values = vec![
        ("number_format".to_owned(), settings.number_format.clone()),
        ("review_from".to_owned(), amounts_text(&settings.review_from_minor)),
        ("alert_from".to_owned(), amounts_text(&settings.alert_from_minor)),
        ("alert_email".to_owned(), settings.alert_email.clone()),
        ("unpaid_days".to_owned(), settings.unpaid_days.to_string()),
        ("stock_hours".to_owned(), settings.stock_hours.to_string()),
    ];
    let ticked =
        [("review_always", settings.review_always), ("review_first_order", settings.review_first_order)];
    values.extend(ticked.iter().filter(|(_, on)| *on).map(|(name, _)| ((*name).to_owned(), "1".to_owned())));
    values.extend(settings.review_products.iter().map(|id| (format!("review-{id}"), "1".to_owned())));
    Form::filled(values)
}

/// `EUR 500.00, USD 550.00`.
fn amounts_text(amounts: &BTreeMap<String, i64>) -> String {
    let shown = amounts.iter().filter_map(|(code, minor)| {
        let currency = Currency::parse(code).ok()?;
        Some(format!("{code} {}", Money::new(*minor, currency).to_plain()))
    });
    shown.collect::<Vec<_>>().join(", ")
}

fn amounts(form: &mut Form, field: &'static str) -> BTreeMap<String, i64> {
    let mut amounts = BTreeMap::new();
    let typed = form.text(field).to_owned();
    for part in typed.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let read = part.split_once(' ').and_then(|(code, amount)| {
            let currency = Currency::parse(&code.to_uppercase()).ok()?;
            Some((currency, Money::parse(amount.trim(), currency).ok()?))
        });
        match read {
            Some((currency, money)) => drop(amounts.insert(currency.code().to_owned(), money.minor())),
            None => form.refuse(field, "Give amounts by currency, for example EUR 500.00, USD 550.00."),
        }
    }
    amounts
}

async fn context(cx: &Cx, form: &Form, question: &Form) -> PageResult<Value> {
    let (asked, products) = cx
        .read(async |tx: &mut Tx| {
            Ok::<_, Fault>((questions(tx).await?, bursar_catalog::products(tx, None, MOST_PRODUCTS).await?))
        })
        .await?;
    let names: BTreeMap<i64, &str> =
        products.iter().map(|product| (product.id.get(), product.details.name.as_str())).collect();
    let asked: Vec<Value> = asked
        .iter()
        .map(|question| {
            let product = question.asked.product_id.and_then(|id| names.get(&id));
            json!({
                "id": question.id, "label": question.asked.label, "name": question.asked.name,
                "kind": question.asked.kind.code(), "required": question.asked.required, "product": product,
            })
        })
        .collect();
    let products: Vec<Value> =
        products.iter().map(|p| json!({ "value": p.id.get(), "label": p.details.name })).collect();
    let kinds: Vec<Value> = QuestionKind::ALL
        .iter()
        .map(|kind| json!({ "value": kind.code(), "label": kind_label(*kind) }))
        .collect();
    Ok(json!({
        "form": form.view(), "question": question.view(), "asked": asked, "products": products, "kinds": kinds,
    }))
}

fn kind_label(kind: QuestionKind) -> &'static str {
    match kind {
        QuestionKind::Line => "One line",
        QuestionKind::Text => "Several lines",
        QuestionKind::Choice => "One of a list",
        QuestionKind::YesNo => "Yes or no",
        QuestionKind::Hostname => "A host name",
    }
}

async fn save(visit: Visit, Extension(cx): Extension<Cx>, mut form: Form) -> PageResult {
    let settings = OrderSettings {
        number_format: form.required("number_format", 60),
        review_always: form.is_checked("review_always"),
        review_first_order: form.is_checked("review_first_order"),
        review_from_minor: amounts(&mut form, "review_from"),
        review_products: form.all("review_product").filter_map(|id| id.parse().ok()).collect(),
        alert_from_minor: amounts(&mut form, "alert_from"),
        alert_email: form.optional("alert_email", 254).unwrap_or_default(),
        unpaid_days: form.value("unpaid_days", "Enter a number of days.").unwrap_or_default(),
        stock_hours: form.value("stock_hours", "Enter a number of hours.").unwrap_or_default(),
    };
    if !form.is_refused() {
        match save_settings(&cx, settings).await {
            Ok(()) => {
                return visit.redirect_with("/admin/order-rules", Flash::success("The rules are saved."));
            }
            Err(OrderError::Invalid(fields)) => form.refuse_all(fields),
            Err(error) => return Err(error.into()),
        }
    }
    visit.refused_form(RULES, context(&cx, &form, &Form::default()).await?)
}

async fn ask(visit: Visit, Extension(cx): Extension<Cx>, mut form: Form) -> PageResult {
    let kind = QuestionKind::parse(form.text("kind"));
    if kind.is_none() {
        form.refuse("kind", "Choose from the list.");
    }
    if let Some(kind) = kind {
        let new = NewQuestion {
            product_id: form.text("product").parse().ok(),
            name: form.text("name").to_owned(),
            label: form.text("label").to_owned(),
            kind,
            help: form.text("help").to_owned(),
            choices: form.text("choices").lines().map(str::to_owned).collect(),
            required: form.is_checked("required"),
            position: 0,
        };
        match add_question(&cx, new).await {
            Ok(_) => {
                return visit.redirect_with(
                    "/admin/order-rules",
                    Flash::success("The question is asked from now on."),
                );
            }
            Err(error) => match error.kind() {
                ErrorKind::Invalid(fields) => form.refuse_all(fields),
                _ => return Err(error.into()),
            },
        }
    }
    let settings = cx.read(async |tx: &mut Tx| OrderSettings::load(tx).await).await?;
    visit.refused_form(RULES, context(&cx, &filled(&settings), &form).await?)
}

async fn remove(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    remove_question(&cx, id).await?;
    visit.redirect_with("/admin/order-rules", Flash::success("The question is not asked any more."))
}
