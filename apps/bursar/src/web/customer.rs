//! What the page of a customer shows that several modules know together: what happened, who did what, and a link that
//! signs in as the customer.

use axum::Extension;
use axum::extract::Path;
use bursar_app::Registry;
use bursar_billing::invoices::DocumentKind;
use bursar_billing::invoices::list::{InvoiceFilter, list_invoices};
use bursar_context::Cx;
use bursar_customers::get_customer;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_money::Money;
use bursar_ordering::orders::list::{OrderFilter, list_orders};
use bursar_payments::PaymentFilter;
use bursar_time::Instant;
use bursar_web::{
    Cell, Flash, PANEL_ROWS, PageResult, Panel, PanelAsk, PanelQuestion, PanelView, Permission, Reading,
    Routes, Visit,
};

use super::PublicUrl;
use super::desk::AUDIT_VIEW;

const LINK: &str = bursar_identity::permissions::PORTAL_LINK_CREATE;

pub(super) fn register(registry: &mut Registry) {
    let page = bursar_customers::PAGE;
    registry.panel(
        Panel::new(page, "desk.timeline", "Timeline", bursar_billing::permissions::INVOICE_VIEW, timeline)
            .order(80),
    );
    registry.panel(Panel::new(page, "desk.audit", "Audit", AUDIT_VIEW, audit).order(90));
    registry.panel(Panel::new(page, "desk.access", "Portal access", LINK, access).beside().order(55));
    registry.routes(
        Routes::<()>::new("desk")
            .post("/admin/customers/{id}/portal-link", Permission(LINK), portal_link)
            .with_state(()),
    );
}

/// One thing that happened. Ids come from one sequence, so that they order things of different kinds, and the last one
/// shown says where the next page begins.
struct Happened {
    id: i64,
    at: Instant,
    what: Cell,
    state: Cell,
    amount: Cell,
}

type ReadHappened = for<'t> fn(&'t mut Tx, PanelAsk) -> Reading<'t, Vec<Happened>>;

const HAPPENINGS: [ReadHappened; 4] = [
    |tx, ask| Box::pin(invoices(tx, ask)),
    |tx, ask| Box::pin(payments(tx, ask)),
    |tx, ask| Box::pin(orders(tx, ask)),
    |tx, ask| Box::pin(mails(tx, ask)),
];

fn timeline(tx: &mut Tx, ask: PanelAsk) -> Reading<'_, PanelView> {
    Box::pin(async move {
        let readers = HAPPENINGS.map(|read| async move |tx: &mut Tx| read(tx, ask).await);
        let mut all: Vec<Happened> = tx.together(readers).await?.into_iter().flatten().collect();
        all.sort_by_key(|it| std::cmp::Reverse(it.id));
        let rows = all
            .into_iter()
            .take(usize::try_from(PANEL_ROWS + 1).unwrap_or(usize::MAX))
            .map(|it| (it.id, vec![it.what, Cell::instant(it.at), it.state, it.amount]))
            .collect();
        Ok(PanelView::new("Nothing happened yet.").table(&["What", "When", "State", "Amount"], rows))
    })
}

async fn invoices(tx: &mut Tx, ask: PanelAsk) -> Result<Vec<Happened>, Fault> {
    let filter = InvoiceFilter { customer_id: Some(ask.id), ..InvoiceFilter::default() };
    let found = list_invoices(tx, &filter, ask.before, PANEL_ROWS + 1).await?;
    let happened = found.into_iter().map(|it| {
        let what = match it.kind {
            DocumentKind::Invoice => "Invoice",
            DocumentKind::CreditNote => "Credit note",
        };
        let number = it.number.as_deref().unwrap_or("draft");
        Happened {
            id: it.id,
            at: it.created_at,
            what: Cell::text(format!("{what} {number}")).to(format!("/admin/invoices/{}", it.id)),
            state: Cell::badge(it.state.code()),
            amount: Cell::money(Money::new(it.totals.total_minor, it.currency)),
        }
    });
    Ok(happened.collect())
}

async fn payments(tx: &mut Tx, ask: PanelAsk) -> Result<Vec<Happened>, Fault> {
    let filter = PaymentFilter { customer: Some(ask.id), ..PaymentFilter::default() };
    let found = bursar_payments::list(tx, &filter, ask.before.map(Id::new), PANEL_ROWS + 1).await?;
    let happened = found.into_iter().map(|it| Happened {
        id: it.id.get(),
        at: it.created_at,
        what: Cell::text(format!("Payment {}", it.id.get())).to(format!("/admin/payments/{}", it.id.get())),
        state: Cell::badge(it.state.code()),
        amount: Cell::money(it.amount),
    });
    Ok(happened.collect())
}

async fn orders(tx: &mut Tx, ask: PanelAsk) -> Result<Vec<Happened>, Fault> {
    let filter = OrderFilter { customer_id: Some(ask.id), status: None };
    let found = list_orders(tx, &filter, ask.before, PANEL_ROWS + 1).await?;
    let happened = found.into_iter().map(|it| Happened {
        id: it.id,
        at: it.placed_at,
        what: Cell::text(format!("Order {}", it.number)).to(format!("/admin/orders/{}", it.id)),
        state: Cell::badge(it.status.code()),
        amount: Cell::money(it.total),
    });
    Ok(happened.collect())
}

async fn mails(tx: &mut Tx, ask: PanelAsk) -> Result<Vec<Happened>, Fault> {
    let found = bursar_messaging::mails_of(tx, ask.id, ask.before, PANEL_ROWS + 1).await?;
    let happened = found.into_iter().map(|it| Happened {
        id: it.id,
        at: it.created_at,
        what: Cell::text(format!("Mail: {}", it.subject)).to(format!("/admin/mail/{}", it.id)),
        state: Cell::badge(it.state),
        amount: Cell::nothing(),
    });
    Ok(happened.collect())
}

fn audit(tx: &mut Tx, ask: PanelAsk) -> Reading<'_, PanelView> {
    Box::pin(async move {
        let subject = format!("customer:{}", ask.id);
        let most = u32::try_from(PANEL_ROWS + 1).map_err(|e| Fault::wrap("rows of a panel", e))?;
        let rows = bursar_audit::list(tx, Some(&subject), ask.before, most)
            .await?
            .into_iter()
            .map(|entry| {
                let cells = vec![
                    Cell::text(entry.action).to(format!("/admin/audit/{}", entry.id)),
                    Cell::text(entry.actor_name),
                    Cell::instant(entry.at),
                ];
                (entry.id, cells)
            })
            .collect();
        Ok(PanelView::new("Nobody changed anything of this customer yet.")
            .table(&["Action", "Who", "When"], rows)
            .all(format!("/admin/audit?subject=customer:{}", ask.id)))
    })
}

fn access(_: &mut Tx, ask: PanelAsk) -> Reading<'_, PanelView> {
    Box::pin(async move {
        Ok(PanelView::new("A link signs in as this customer once, without a password.").question(
            PanelQuestion {
                label: "Sign-in link",
                question: "Whoever opens the link signs in as this customer, once, within 15 minutes.",
                action: format!("/admin/customers/{}/portal-link", ask.id),
                is_dangerous: false,
                permission: LINK,
            },
        ))
    })
}

async fn portal_link(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Extension(PublicUrl(base)): Extension<PublicUrl>,
    Path(id): Path<i64>,
) -> PageResult {
    let customer = get_customer(&cx, Id::new(id)).await?;
    let path = bursar_identity::offer_portal_link(&cx, super::door::portal_link(&customer)).await?;
    let minutes = bursar_identity::LINK_MINUTES;
    let text =
        format!("Give this link to the customer; it signs in once within {minutes} minutes: {base}{path}");
    visit.redirect_with(format!("/admin/customers/{id}"), Flash::info(text))
}
