//! Writing invoices by hand: a draft, its editor, and issuing it.

use std::str::FromStr as _;

use axum::Extension;
use axum::extract::{Path, Query};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{ErrorKind, FieldError, Refusal as _};
use bursar_ids::Id;
use bursar_money::{Currency, Money};
use bursar_time::{Date, Period};
use bursar_web::{Flash, Form, PageResult, Permission, Problem, Routes, Visit};
use serde::Deserialize;
use serde_json::{Value, json};

use super::back;
use crate::error::BillError;
use crate::invoices::draft::{
    DraftInput, DraftLine, create_draft, delete_draft, edit_draft, issue_draft, merge_drafts,
};
use crate::invoices::line::{Line, LineKind};
use crate::invoices::list::{InvoiceFilter, list_invoices};
use crate::invoices::store::{Document, find, lines};
use crate::invoices::{DocumentKind, InvoiceState};
use crate::permissions;

const EDITOR: &str = "billing/invoices/admin_edit.html";
/// Empty rows offered below those that are filled.
const SPARE_ROWS: usize = 3;
/// A form with more rows was not made by our page.
const MOST_ROWS: usize = 500;
/// Other drafts offered for merging.
const MOST_OTHERS: i64 = 50;

pub(crate) fn routes() -> Routes {
    let may = || Permission(permissions::INVOICE_ISSUE);
    Routes::<()>::new("billing")
        .get("/admin/invoices/new", may(), new_page)
        .post("/admin/invoices/new", may(), create)
        .get("/admin/invoices/{id}/edit", may(), edit_page)
        .post("/admin/invoices/{id}/edit", may(), edit)
        .post("/admin/invoices/{id}/issue", may(), issue)
        .post("/admin/invoices/{id}/delete", may(), delete)
        .post("/admin/invoices/{id}/merge", may(), merge)
        .with_state(())
}

/// Whom the editor writes for, and the draft that is edited, if there is one.
struct Subject {
    customer: i64,
    name: String,
    currency: Currency,
    draft: Option<Document>,
}

async fn buyer(cx: &Cx, customer: i64, draft: Option<Document>) -> PageResult<Subject> {
    let found = cx
        .read(async move |tx: &mut Tx| bursar_customers::find(tx, Id::new(customer)).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    let currency = draft.as_ref().map_or(found.currency, |draft| draft.currency);
    Ok(Subject { customer, name: found.details.postal.display_name(), currency, draft })
}

async fn draft_of(cx: &Cx, id: i64) -> PageResult<(Document, Vec<Line>)> {
    let found = cx
        .read(async move |tx: &mut Tx| {
            let document = find(tx, id).await?;
            Ok::<_, bursar_fault::Fault>((document, lines(tx, id).await?))
        })
        .await?;
    match found {
        (Some(document), lines) if document.state == InvoiceState::Draft => Ok((document, lines)),
        (Some(_), _) => Err(BillError::refused(
            "This invoice is issued and does not change any more. Make a credit note to correct it.",
        )
        .into()),
        (None, _) => Err(Problem::not_found()),
    }
}

#[derive(Debug, Deserialize)]
struct For {
    customer: i64,
}

async fn new_page(visit: Visit, Extension(cx): Extension<Cx>, Query(query): Query<For>) -> PageResult {
    let subject = buyer(&cx, query.customer, None).await?;
    let form = Form::filled([("rows", SPARE_ROWS.to_string())]);
    visit.page(EDITOR, editor(&subject, &form))
}

async fn create(visit: Visit, Extension(cx): Extension<Cx>, mut form: Form) -> PageResult {
    let customer = form.value("customer_id", "Say who pays.").ok_or_else(Problem::not_found)?;
    let subject = buyer(&cx, customer, None).await?;
    let Some(input) = typed(&mut form, &subject) else {
        return again(&visit, &subject, &form);
    };
    match create_draft(&cx, input).await {
        Ok(id) => visit.redirect_with(
            format!("/admin/invoices/{id}"),
            Flash::success("The draft is kept. Nothing is owed until it is issued."),
        ),
        Err(error) => refused(&visit, &subject, form, error),
    }
}

async fn edit_page(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let (document, lines) = draft_of(&cx, id).await?;
    let form = filled(&document, &lines);
    let subject = buyer(&cx, document.customer_id, Some(document)).await?;
    visit.page(EDITOR, editor(&subject, &form))
}

async fn edit(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>, mut form: Form) -> PageResult {
    let (document, _) = draft_of(&cx, id).await?;
    let subject = buyer(&cx, document.customer_id, Some(document)).await?;
    let version = form.value("version", "Open the draft again.").unwrap_or_default();
    let Some(input) = typed(&mut form, &subject) else {
        return again(&visit, &subject, &form);
    };
    match edit_draft(&cx, id, version, input).await {
        Ok(()) => visit.redirect_with(format!("/admin/invoices/{id}"), Flash::success("The draft is kept.")),
        Err(error) => refused(&visit, &subject, form, error),
    }
}

async fn issue(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>, form: Form) -> PageResult {
    let version = form.text("version").parse().unwrap_or_default();
    let issued = issue_draft(&cx, id, version).await;
    back(&visit, &format!("/admin/invoices/{id}"), issued, |issued| {
        format!("Invoice {} is issued. It does not change any more.", issued.number)
    })
}

async fn delete(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    match delete_draft(&cx, id).await {
        Ok(()) => visit.redirect_with("/admin/invoices", Flash::success("The draft is gone.")),
        Err(error) => back::<()>(&visit, &format!("/admin/invoices/{id}"), Err(error), |()| String::new()),
    }
}

/// The lines of the ticked drafts move onto this one.
async fn merge(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>, form: Form) -> PageResult {
    let others = form.all("draft").filter_map(|text| text.parse::<i64>().ok());
    let ids: Vec<i64> = std::iter::once(id).chain(others).collect();
    let count = ids.len();
    let merged = merge_drafts(&cx, ids).await;
    back(&visit, &format!("/admin/invoices/{id}"), merged, |_| {
        format!("{count} drafts are one now, with the lines of all of them.")
    })
}

/// Other drafts of the same customer, for the page of one.
pub(super) async fn others(tx: &mut Tx, draft: &Document) -> Result<Vec<Document>, bursar_fault::Fault> {
    let filter = InvoiceFilter {
        customer_id: Some(draft.customer_id),
        state: Some(InvoiceState::Draft),
        kind: Some(DocumentKind::Invoice),
        ..InvoiceFilter::default()
    };
    let mut found = list_invoices(tx, &filter, None, MOST_OTHERS).await?;
    found.retain(|other| other.id != draft.id && other.currency == draft.currency);
    Ok(found)
}

/// How many rows the form has; the page adds spare ones.
fn rows(form: &Form) -> usize {
    form.text("rows").parse().unwrap_or(SPARE_ROWS).min(MOST_ROWS)
}

fn name(row: usize, field: &str) -> String {
    format!("line-{row}-{field}")
}

/// What was typed, or `None` after what is wrong was marked. "More lines" asks for the form again.
fn typed(form: &mut Form, subject: &Subject) -> Option<DraftInput> {
    let due_on = if form.text("due_on").is_empty() { None } else { form.date("due_on") };
    let notes = form.optional("notes", 4_000);
    let mut lines = Vec::new();
    for row in 0..rows(form) {
        let is_empty =
            ["description", "unit_price"].iter().all(|field| form.text(&name(row, field)).is_empty());
        if !is_empty {
            lines.extend(line(form, row, subject.currency));
        }
    }
    if lines.is_empty() && !form.is_refused() && !form.is_checked("more") {
        form.refuse("line-0-description", "Write at least one line.");
    }
    let asks_for_more = form.is_checked("more");
    (!form.is_refused() && !asks_for_more).then_some(DraftInput {
        customer_id: subject.customer,
        due_on,
        notes,
        lines,
    })
}

fn line(form: &mut Form, row: usize, currency: Currency) -> Option<DraftLine> {
    let text = |form: &Form, field: &str| form.text(&name(row, field)).to_owned();
    let description = text(form, "description");
    if description.is_empty() {
        form.refuse(name(row, "description"), "Say what is charged.");
    }
    let quantity = match text(form, "quantity").as_str() {
        "" => Some(1),
        typed => i64::from_str(typed).ok().filter(|quantity| *quantity > 0),
    };
    if quantity.is_none() {
        form.refuse(name(row, "quantity"), "A whole number of at least 1.");
    }
    let unit = Money::parse(&text(form, "unit_price"), currency).ok();
    if unit.is_none() {
        let example = Money::new(12_500, currency).to_plain();
        form.refuse(name(row, "unit_price"), format!("An amount in {currency}, for example {example}."));
    }
    let period = match (text(form, "start_on").as_str(), text(form, "end_on").as_str()) {
        ("", "") => Ok(None),
        (start, end) => Date::from_str(start)
            .ok()
            .zip(Date::from_str(end).ok())
            .and_then(|(start, end)| Period::new(start, end).ok())
            .map(Some)
            .ok_or("Give both dates, the second after the first; the second day is not included."),
    };
    if let Err(why) = period {
        form.refuse(name(row, "start_on"), why);
    }
    Some(DraftLine {
        kind: if form.is_checked(&name(row, "deposit")) { LineKind::AddFunds } else { LineKind::Manual },
        description,
        quantity: quantity?,
        unit_minor: unit?.minor(),
        taxable: form.is_checked(&name(row, "taxable")),
        period: period.ok()?,
    })
}

/// The editor's form from what is stored.
fn filled(document: &Document, lines: &[Line]) -> Form {
    let mut values = vec![
        ("version".to_owned(), document.version.to_string()),
        ("rows".to_owned(), (lines.len() + SPARE_ROWS).to_string()),
        ("due_on".to_owned(), document.due_on.map(|on| on.to_string()).unwrap_or_default()),
        ("notes".to_owned(), document.notes.clone().unwrap_or_default()),
    ];
    for (row, line) in lines.iter().enumerate() {
        let spec = &line.spec;
        values.push((name(row, "description"), spec.description.clone()));
        values.push((name(row, "quantity"), spec.quantity.to_string()));
        values.push((name(row, "unit_price"), Money::new(spec.unit_minor, document.currency).to_plain()));
        if let Some(period) = spec.period {
            values.push((name(row, "start_on"), period.start.to_string()));
            values.push((name(row, "end_on"), period.end.to_string()));
        }
        for (flag, is_set) in [("taxable", spec.taxable), ("deposit", spec.kind == LineKind::AddFunds)] {
            if is_set {
                values.push((name(row, flag), "1".to_owned()));
            }
        }
    }
    Form::filled(values)
}

fn editor(subject: &Subject, form: &Form) -> Value {
    let asked = rows(form) + if form.is_checked("more") { SPARE_ROWS } else { 0 };
    let fields = ["description", "quantity", "unit_price", "start_on", "end_on", "taxable", "deposit"];
    let rows: Vec<Value> = (0..asked.min(MOST_ROWS))
        .map(|row| fields.iter().map(|field| ((*field).to_owned(), json!(name(row, field)))).collect())
        .map(Value::Object)
        .collect();
    let id = subject.draft.as_ref().map(|draft| draft.id);
    json!({
        "form": form.view(), "rows": rows, "row_count": rows.len(), "id": id,
        "customer": subject.name, "customer_id": subject.customer, "currency": subject.currency.code(),
    })
}

fn again(visit: &Visit, subject: &Subject, form: &Form) -> PageResult {
    if form.is_refused() {
        visit.refused_form(EDITOR, editor(subject, form))
    } else {
        visit.page(EDITOR, editor(subject, form))
    }
}

/// The action counts the filled lines; the form counts its rows.
fn refused(visit: &Visit, subject: &Subject, mut form: Form, error: BillError) -> PageResult {
    let fields = match error.kind() {
        ErrorKind::Invalid(fields) => fields,
        ErrorKind::Conflict => vec![FieldError::new("lines", error.message())],
        ErrorKind::NotFound | ErrorKind::Forbidden | ErrorKind::Unavailable | ErrorKind::Fault => {
            return Err(error.into());
        }
    };
    let filled: Vec<usize> = (0..rows(&form))
        .filter(|row| {
            ["description", "unit_price"].iter().any(|field| !form.text(&name(*row, field)).is_empty())
        })
        .collect();
    for field in fields {
        let place = field
            .field
            .strip_prefix("lines[")
            .and_then(|rest| rest.split_once("]."))
            .and_then(|(index, what)| Some(name(*filled.get(index.parse::<usize>().ok()?)?, what)));
        form.refuse(place.unwrap_or_else(|| field.field.to_string()), field.message);
    }
    visit.refused_form(EDITOR, editor(subject, &form))
}
