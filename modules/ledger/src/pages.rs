//! The journal for staff: the list of entries, and one entry with its postings.

use axum::Extension;
use axum::extract::Path;
use bursar_app::Registry;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_money::Money;
use bursar_time::{Date, Instant};
use bursar_web::{Column, Filter, Lens, PageResult, Permission, Problem, Resource, Routes, Visit, paths};
use serde_json::{Value, json};

use crate::permissions::ENTRY_VIEW;
use crate::post::known;
use crate::store;

/// What was debited, where an entry has one currency only.
const DEBITED: &str = "(SELECT CAST(SUM(p.amount_minor) AS BIGINT) FROM ledger_postings AS p
    WHERE p.entry_id = e.id AND p.amount_minor > 0)";
const CURRENCY: &str = "(SELECT CASE WHEN MIN(a.currency) = MAX(a.currency) THEN MIN(a.currency) END
    FROM ledger_postings AS p JOIN ledger_accounts AS a ON a.id = p.account_id WHERE p.entry_id = e.id)";

bursar_db::statements! {
    /// One entry.
    pub(crate) SHOW = "SELECT posted_on, kind, source_kind, source_id, memo, reverses_id, created_at, actor
        FROM ledger_entries WHERE id = $1";
}

pub(crate) fn register(registry: &mut Registry) {
    registry.template("entries/admin_show.html", include_str!("../templates/entries/admin_show.html"));
    registry.resource(entries());
    registry.routes(
        Routes::<()>::new("ledger").get("/admin/journal/{id}", Permission(ENTRY_VIEW), show).with_state(()),
    );
}

fn entries() -> Resource {
    Resource::new("journal", "Journal", paths!("/admin/journal"), ENTRY_VIEW)
        .described(
            "scale",
            "Every entry of the books. Entries are never edited: a correction is another entry.",
        )
        .in_nav("Money", 230)
        .from("ledger_entries AS e", "e.id")
        .opens("/admin/journal/")
        .columns(vec![
            Column::number("entry", "Entry", "e.id").opens(),
            Column::date("posted", "Posted", "e.posted_on"),
            Column::word("kind", "Kind", "e.kind"),
            Column::text("memo", "Memo", "e.memo"),
            Column::money("debited", "Amount", DEBITED, CURRENCY),
            Column::word("source_kind", "Source", "e.source_kind").extra(),
            Column::number("source", "Source number", "e.source_id").extra(),
            Column::number("reverses", "Reverses", "e.reverses_id").to("/admin/journal/").extra(),
            Column::text("actor", "By", "e.actor").extra(),
            Column::instant("created", "Written", "e.created_at").sorts("newest").extra(),
        ])
        .filters(vec![
            Filter::dates("posted", "Posted", "e.posted_on"),
            Filter::exact("kind", "Kind", "e.kind"),
            Filter::exact("source_kind", "Source", "e.source_kind"),
            Filter::id("source", "Source number", "e.source_id"),
        ])
        .lenses(vec![
            Lens::new("", "All", "", &["newest"]),
            Lens::new("reversals", "Corrections", "e.reverses_id IS NOT NULL", &["newest"]),
        ])
        .empty("Nothing is booked yet", "Entries appear with the first invoice or payment.")
}

async fn show(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    cx.require(ENTRY_VIEW)?;
    let (entry, postings) = cx
        .read(async move |tx: &mut Tx| {
            let entry = tx.query_opt(&SHOW, params![id], entry_view).await?;
            let postings = tx
                .query(&store::POSTINGS, params![id], |row| {
                    let amount = Money::new(row.get(3)?, row.get(2)?);
                    let account = known(row.text(1)?)?.words();
                    Ok(json!({ "account": account, "is_debit": amount.is_positive(), "amount": amount.abs() }))
                })
                .await?;
            Ok::<_, Fault>((entry, postings))
        })
        .await?;
    let entry = entry.ok_or_else(Problem::not_found)?;
    visit.page("ledger/entries/admin_show.html", json!({ "id": id, "entry": entry, "postings": postings }))
}

fn entry_view(row: &bursar_db::Row<'_>) -> Result<Value, Fault> {
    Ok(json!({
        "posted_on": row.get::<Date>(0)?, "kind": row.text(1)?, "source_kind": row.text(2)?,
        "source_id": row.get::<i64>(3)?, "memo": row.text(4)?, "reverses_id": row.get::<Option<i64>>(5)?,
        "created_at": row.get::<Instant>(6)?, "actor": row.text(7)?,
    }))
}
