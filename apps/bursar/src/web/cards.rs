//! The cards of the first page that belong to no module: what waits for a person, and what people did last.

use bursar_app::Registry;
use bursar_billing::permissions::SETTINGS;
use bursar_db::Tx;
use bursar_events::Dispatcher;
use bursar_jobs::Runner;
use bursar_web::{Amount, Card, CardRow, CardSize, CardView, Reading, humanised};

use super::desk::{AUDIT_VIEW, PROBLEM_VIEW};

/// Problems of each kind that are counted; more are a hundred or more.
const MOST: i64 = 100;
const NEWEST: u32 = 8;

pub(super) fn register(registry: &mut Registry) {
    registry.card(
        Card::new("desk.first_steps", "Before the first sale", SETTINGS, first_steps)
            .size(CardSize::Wide)
            .order(5),
    );
    registry.card(
        Card::new("desk.problems", "Waiting problems", PROBLEM_VIEW, problems)
            .order(60)
            .leads_to("/admin/problems"),
    );
    registry.card(
        Card::new("desk.activity", "Recent activity", AUDIT_VIEW, activity)
            .size(CardSize::Wide)
            .order(70)
            .leads_to("/admin/audit"),
    );
}

/// What a new office lacks to sell anything; afterwards the card is gone.
fn first_steps(tx: &mut Tx) -> Reading<'_, CardView> {
    Box::pin(async move {
        let step = |label: &str, note: &str, href: &str| CardRow {
            label: label.to_owned(),
            note: note.to_owned(),
            href: href.to_owned(),
            ..CardRow::default()
        };
        let mut rows = Vec::new();
        if bursar_billing::sellers::current(tx).await?.is_none() {
            let why = "Every invoice carries your name and address. Until they are there nobody can buy.";
            rows.push(step("Say who sells here", why, "/admin/settings/seller"));
        }
        if bursar_catalog::products(tx, None, 1).await?.is_empty() {
            let why = "A product with a price is in the shop at once.";
            rows.push(step("Make the first product", why, "/admin/catalog"));
        }
        Ok(CardView { rows, ..CardView::default() })
    })
}

fn problems(tx: &mut Tx) -> Reading<'_, CardView> {
    Box::pin(async move {
        let counts = [
            ("Dead letters", "/admin/jobs?show=dead", Runner::count_dead(tx, MOST).await?),
            ("News that nobody took", "/admin/problems", Dispatcher::count_parked(tx, MOST).await?),
            (
                "Subscriptions put aside",
                "/admin/problems",
                bursar_billing::run::store::count_aside(tx).await?,
            ),
            (
                "Webhooks that fit nothing",
                "/admin/problems",
                bursar_payments::count_parked_webhooks(tx, MOST).await?,
            ),
        ];
        let rows = counts.into_iter().filter(|(_, _, many)| *many > 0).map(|(label, href, many)| CardRow {
            label: label.to_owned(),
            href: href.to_owned(),
            value: Some(Amount::Number(many)),
            ..CardRow::default()
        });
        Ok(CardView {
            rows: rows.collect(),
            empty: "Nothing waits. What cannot go on without a person is listed here.",
            ..CardView::default()
        })
    })
}

fn activity(tx: &mut Tx) -> Reading<'_, CardView> {
    Box::pin(async move {
        let rows = bursar_audit::list(tx, None, None, NEWEST).await?.into_iter().map(|entry| CardRow {
            label: said(&entry.action, &entry.subject),
            note: entry.actor_name,
            href: format!("/admin/audit/{}", entry.id),
            at: Some(entry.at),
            value: None,
        });
        Ok(CardView {
            rows: rows.collect(),
            empty: "Nobody did anything yet. What people do is recorded as they do it.",
            ..CardView::default()
        })
    })
}

/// `billing.invoice.void` of `invoice:7` is `Invoice void: invoice 7`.
fn said(action: &str, subject: &str) -> String {
    let what = action.split_once('.').map_or(action, |(_, rest)| rest);
    format!("{}: {}", humanised(&what.replace('.', "_")), subject.replace(':', " "))
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn an_act_is_said_in_words() {
        assert_eq!(said("billing.invoice.void", "invoice:7"), "Invoice void: invoice 7");
    }
}
