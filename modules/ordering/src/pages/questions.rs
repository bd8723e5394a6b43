//! The questions that products ask.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::Path;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{ErrorKind, Fault, Refusal as _};
use bursar_web::{Flash, Form, PageResult, Permission, Routes, Visit};
use serde_json::{Value, json};

use crate::permissions::SETTINGS;
use crate::questions::{NewQuestion, QuestionKind, add_question, questions, remove_question};

const PAGE: &str = "ordering/questions/admin_list.html";
pub(super) const AT: &str = "/admin/order-questions";

pub(super) fn routes() -> Routes {
    Routes::<()>::new("ordering")
        .get(AT, Permission(SETTINGS), page)
        .post(AT, Permission(SETTINGS), ask)
        .post("/admin/order-questions/{id}/remove", Permission(SETTINGS), remove)
        .with_state(())
}

async fn page(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    visit.page(PAGE, context(&cx, &Form::default()).await?)
}

async fn context(cx: &Cx, question: &Form) -> PageResult<Value> {
    let (asked, products) = cx
        .read(async |tx: &mut Tx| {
            Ok::<_, Fault>((questions(tx).await?, bursar_catalog::product_choices(tx).await?))
        })
        .await?;
    let names: BTreeMap<i64, &str> = products.iter().map(|(id, name)| (*id, name.as_str())).collect();
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
        products.iter().map(|(id, name)| json!({ "value": id, "label": name })).collect();
    let kinds: Vec<Value> = QuestionKind::ALL
        .iter()
        .map(|kind| json!({ "value": kind.code(), "label": kind_label(*kind) }))
        .collect();
    Ok(json!({ "question": question.view(), "asked": asked, "products": products, "kinds": kinds }))
}

fn kind_label(kind: QuestionKind) -> &'static str {
    match kind {
        QuestionKind::Line => "One line",
        QuestionKind::Text => "Several lines",
        QuestionKind::Choice => "One of a list",
        QuestionKind::YesNo => "Yes or no",
        QuestionKind::Hostname => "A host name",
        QuestionKind::Date => "A date",
    }
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
                return visit.redirect_with(AT, Flash::success("The question is asked from now on."));
            }
            Err(error) => match error.kind() {
                ErrorKind::Invalid(fields) => form.refuse_all(fields),
                _ => return Err(error.into()),
            },
        }
    }
    visit.refused_form(PAGE, context(&cx, &form).await?)
}

async fn remove(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    remove_question(&cx, id).await?;
    visit.redirect_with(AT, Flash::success("The question is not asked any more."))
}
