//! The outbox as a list, what is done to several mails at once, and the mails of one customer.

use std::pin::Pin;

use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::{ErrorKind, Fault, Refusal as _};
use bursar_ids::Id;
use bursar_web::{
    BulkAction, Button, Cell, Column, Done, Filter, Lens, PANEL_ROWS, PanelAsk, PanelView, Reading, Resource,
    paths,
};

use crate::error::MessageError;
use crate::messages::{drop_message, send_again, store};
use crate::permissions::{MESSAGE_SEND, MESSAGE_VIEW, SENDER_EDIT, TEMPLATE_EDIT};

bursar_db::statements! {
    /// The mails to addresses that begin so, newest first.
    pub(crate) TO = "SELECT id FROM messaging_messages WHERE LOWER(to_email) >= $1 AND LOWER(to_email) < $2
        ORDER BY LOWER(to_email), id LIMIT $3";
    /// Whether an id is a mail's.
    pub(crate) IS_MAIL = "SELECT id FROM messaging_messages WHERE id = $1";
}

pub(super) fn mail() -> Resource {
    let lens = |key, label, condition| Lens::new(key, label, condition, &["newest"]);
    Resource::new("mail", "Mail outbox", paths!("/admin/mail"), MESSAGE_VIEW)
        .described(
            "mail",
            "What was written to people. While no mail server is set up, messages are held here instead of being sent.",
        )
        .in_nav("Work", 320)
        .from("messaging_messages AS m", "m.id")
        .opens("/admin/mail/")
        .columns(vec![
            Column::text("subject", "Subject", "m.subject").opens().note("m.last_error"),
            Column::text("to", "To", "m.to_email").note("m.to_name"),
            Column::instant("written", "Written", "m.created_at").sorts("newest"),
            Column::badge("state", "State", "m.state"),
            Column::text("kind", "Kind", "m.kind").extra(),
            Column::text("language", "Language", "m.locale").extra(),
            Column::number("customer", "Customer", "m.customer_id").to("/admin/customers/").extra(),
            Column::number("attempts", "Attempts", "m.attempts").extra(),
            Column::instant("sent", "Sent", "m.sent_at").extra(),
        ])
        .filters(vec![
            Filter::exact("kind", "Kind, such as desk.sign_in_link", "m.kind"),
            Filter::id("customer", "Customer number", "m.customer_id"),
        ])
        .lenses(vec![
            lens("", "All", ""),
            lens("held", "Held", "m.state = 'held'"),
            lens("queued", "Queued", "m.state = 'queued'"),
            lens("sent", "Sent", "m.state = 'sent'"),
            lens("failed", "Failed", "m.state = 'failed'").counted(),
            lens("unknown", "Unknown", "m.state = 'unknown'").counted(),
            lens("dropped", "Dropped", "m.state = 'dropped'"),
        ])
        .search("Address or number", find)
        .actions(vec![
            BulkAction::new(
                "send",
                "Send again",
                MESSAGE_SEND,
                "These mails go out again. Who got one before gets it a second time.",
                resend,
            )
            .applies("m.state IN ('held', 'sent', 'failed', 'unknown', 'dropped')"),
            BulkAction::new("drop", "Drop", MESSAGE_SEND, "These mails are never sent.", give_up)
                .applies("m.state IN ('held', 'queued', 'failed', 'unknown')"),
        ])
        .button(Button {
            label: "Texts",
            icon: "pencil",
            href: "/admin/mail/templates",
            permission: TEMPLATE_EDIT,
        })
        .button(Button {
            label: "Settings",
            icon: "settings",
            href: "/admin/mail/settings",
            permission: SENDER_EDIT,
        })
        .empty(
            "No messages yet",
            "What Bursar writes to customers, for instance invoices and sign-in links, is listed here.",
        )
}

fn find(tx: &mut Tx, text: String, limit: i64) -> Reading<'_, Vec<i64>> {
    Box::pin(async move {
        let from = text.trim().to_lowercase();
        let mut found: Vec<i64> = Vec::new();
        if let Ok(id) = from.parse::<i64>() {
            found = tx.query(&IS_MAIL, params![id], |row| row.get(0)).await?;
        }
        let to = format!("{from}\u{10ffff}");
        let more: Vec<i64> = tx.query(&TO, params![&from, &to, limit], |row| row.get(0)).await?;
        found.extend(more);
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(found)
    })
}

type Doing = Pin<Box<dyn Future<Output = Result<Done, Fault>> + Send>>;

fn resend(cx: Cx, ids: Vec<i64>) -> Doing {
    Box::pin(async move {
        let mut done = Done::default();
        for id in ids {
            note(&mut done, id, send_again(&cx, Id::new(id)).await)?;
        }
        Ok(done)
    })
}

fn give_up(cx: Cx, ids: Vec<i64>) -> Doing {
    Box::pin(async move {
        let mut done = Done::default();
        for id in ids {
            note(&mut done, id, drop_message(&cx, Id::new(id)).await)?;
        }
        Ok(done)
    })
}

/// Each mail by itself: one that is under way does not keep the others back.
fn note(done: &mut Done, id: i64, result: Result<(), MessageError>) -> Result<(), Fault> {
    match result {
        Ok(()) => done.done += 1,
        Err(error) => match error.kind() {
            ErrorKind::Fault | ErrorKind::Unavailable => {
                return Err(Fault::wrap("doing something to several mails", error));
            }
            ErrorKind::NotFound | ErrorKind::Invalid(_) | ErrorKind::Conflict | ErrorKind::Forbidden => {
                done.refused.push((id, error.message()));
            }
        },
    }
    Ok(())
}

/// What was written to a customer, for the customer's page.
pub(super) fn of_customer(tx: &mut Tx, ask: PanelAsk) -> Reading<'_, PanelView> {
    Box::pin(async move {
        let found = store::of_customer(tx, ask.id, ask.before, PANEL_ROWS + 1).await?;
        let rows = found
            .into_iter()
            .map(|mail| {
                let cells = vec![
                    Cell::text(mail.subject).to(format!("/admin/mail/{}", mail.id)),
                    Cell::text(mail.to_email),
                    Cell::instant(mail.created_at),
                    Cell::badge(mail.state),
                ];
                (mail.id, cells)
            })
            .collect();
        Ok(PanelView::new("Nothing was written to this customer yet.")
            .table(&["Subject", "To", "Written", "State"], rows)
            .all(format!("/admin/mail?customer={}", ask.id)))
    })
}
