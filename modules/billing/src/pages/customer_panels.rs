//! What the page of a customer shows of billing: money at a glance, subscriptions, invoices, credit.

use bursar_app::Registry;
use bursar_db::Tx;
use bursar_web::{Cell, PANEL_ROWS, Panel, PanelAsk, PanelView, Reading};

use super::{store, views};
use crate::invoices::DocumentKind;
use crate::invoices::list::{InvoiceFilter, list_invoices};
use crate::permissions::{INVOICE_VIEW, SUBSCRIPTION_VIEW};
use crate::settle::{credit_balances, credit_moves};

const PAGE: &str = "customers.customer";

pub(super) fn register(registry: &mut Registry) {
    registry.panel(Panel::new(PAGE, "billing.money", "Money", INVOICE_VIEW, money).beside().order(10));
    registry.panel(
        Panel::new(PAGE, "billing.subscriptions", "Subscriptions", SUBSCRIPTION_VIEW, subscriptions)
            .order(20),
    );
    registry.panel(Panel::new(PAGE, "billing.invoices", "Invoices", INVOICE_VIEW, invoices).order(30));
    registry.panel(Panel::new(PAGE, "billing.credit", "Credit", INVOICE_VIEW, credit).order(60));
}

fn money(tx: &mut Tx, ask: PanelAsk) -> Reading<'_, PanelView> {
    Box::pin(async move {
        let owed = async |tx: &mut Tx| store::owed(tx, ask.id).await;
        let credit = async |tx: &mut Tx| credit_balances(tx, ask.id).await;
        let running = async |tx: &mut Tx| store::running_of_customer(tx, ask.id).await;
        let (owed, (credit, (running, next))) =
            tx.both(owed, async |tx: &mut Tx| tx.both(credit, running).await).await?;
        let mut view = PanelView::new("Nothing was bought yet.");
        for owed in owed {
            view = view.fact("Owed", Cell::money(owed).to(format!("/admin/invoices?customer={}", ask.id)));
        }
        for credit in credit {
            view = view.fact("Credit", Cell::money(credit));
        }
        Ok(view.fact("Running", Cell::number(running)).fact("Next invoice", Cell::date(next)))
    })
}

fn subscriptions(tx: &mut Tx, ask: PanelAsk) -> Reading<'_, PanelView> {
    Box::pin(async move {
        let found = store::of_customer(tx, ask.id, ask.before, PANEL_ROWS + 1).await?;
        let rows = found
            .into_iter()
            .map(|row| {
                let cells = vec![
                    Cell::text(row.label).to(format!("/admin/subscriptions/{}", row.id)),
                    Cell::word(&row.cycle),
                    Cell::badge(row.status),
                    Cell::date(row.next_bill_on),
                    Cell::money(row.price),
                ];
                (row.id, cells)
            })
            .collect();
        Ok(PanelView::new("No subscriptions yet: an order begins one.")
            .table(&["Subscription", "Cycle", "Status", "Next invoice", "Price"], rows)
            .all(format!("/admin/subscriptions?customer={}", ask.id)))
    })
}

fn invoices(tx: &mut Tx, ask: PanelAsk) -> Reading<'_, PanelView> {
    Box::pin(async move {
        let filter = InvoiceFilter { customer_id: Some(ask.id), ..InvoiceFilter::default() };
        let found = list_invoices(tx, &filter, ask.before, PANEL_ROWS + 1).await?;
        let statuses = views::statuses(tx, &found).await?;
        let rows = found
            .iter()
            .zip(statuses)
            .map(|(document, status)| {
                let number = document.number.clone().unwrap_or_else(|| format!("Draft {}", document.id));
                let note = if document.kind == DocumentKind::CreditNote { "Credit note" } else { "" };
                let currency = document.currency;
                let amount = |minor| Cell::money(bursar_money::Money::new(minor, currency));
                let cells = vec![
                    Cell::text(number).to(format!("/admin/invoices/{}", document.id)).note(note),
                    Cell::date(document.issued_on),
                    Cell::date(document.due_on),
                    Cell::badge(status),
                    amount(document.open_minor()),
                    amount(document.totals.total_minor),
                ];
                (document.id, cells)
            })
            .collect();
        Ok(PanelView::new("No invoices yet.")
            .table(&["Number", "Issued", "Due", "Status", "Open", "Total"], rows)
            .all(format!("/admin/invoices?customer={}", ask.id)))
    })
}

fn credit(tx: &mut Tx, ask: PanelAsk) -> Reading<'_, PanelView> {
    Box::pin(async move {
        let found = credit_moves(tx, ask.id, ask.before, PANEL_ROWS + 1).await?;
        let rows = found
            .into_iter()
            .map(|it| {
                let cells =
                    vec![Cell::instant(it.created_at), Cell::word(&it.reason), Cell::money(it.amount)];
                (it.id, cells)
            })
            .collect();
        Ok(PanelView::new("Credit was never given or used.").table(&["When", "Why", "Amount"], rows))
    })
}
