//! What is done to several invoices at once. Each by itself: one that cannot be done does not keep the others back.

use std::pin::Pin;

use bursar_context::Cx;
use bursar_fault::{ErrorKind, Fault, Refusal as _};
use bursar_web::{BulkAction, Done};

use crate::error::BillError;
use crate::invoices::void::void_invoice;
use crate::mails::{remind, send_document};
use crate::permissions::{INVOICE_ISSUE, INVOICE_VOID};

/// What stands in the log and on the document as the reason.
const TOGETHER: &str = "Voided together with others from the list.";

type Doing = Pin<Box<dyn Future<Output = Result<Done, Fault>> + Send>>;

pub(super) fn actions() -> Vec<BulkAction> {
    vec![
        BulkAction::new(
            "send",
            "Send again",
            INVOICE_ISSUE,
            "Each of these documents goes to its customer by mail once more, as it was issued.",
            send,
        )
        .applies("i.state IN ('open', 'paid', 'uncollectible')")
        .sums("i.total_minor", "i.currency"),
        BulkAction::new(
            "remind",
            "Remind",
            INVOICE_ISSUE,
            "The customers of these invoices are reminded by mail that they are overdue.",
            remind_each,
        )
        .applies("i.state = 'open' AND i.kind = 'invoice' AND i.due_on < {today}")
        .sums("i.total_minor - i.settled_minor", "i.currency"),
        BulkAction::new(
            "void",
            "Void",
            INVOICE_VOID,
            "These invoices should never have existed: nobody is asked for them any more, and their numbers stay used. \
             That cannot be taken back.",
            void,
        )
        .applies("i.state = 'open' AND i.kind = 'invoice' AND i.settled_minor = 0")
        .sums("i.total_minor", "i.currency"),
    ]
}

fn send(cx: Cx, ids: Vec<i64>) -> Doing {
    Box::pin(async move {
        let mut done = Done::default();
        for id in ids {
            note(&mut done, id, send_document(&cx, id).await.map(drop))?;
        }
        Ok(done)
    })
}

fn remind_each(cx: Cx, ids: Vec<i64>) -> Doing {
    Box::pin(async move {
        let mut done = Done::default();
        for id in ids {
            note(&mut done, id, remind(&cx, id).await)?;
        }
        Ok(done)
    })
}

fn void(cx: Cx, ids: Vec<i64>) -> Doing {
    Box::pin(async move {
        let mut done = Done::default();
        for id in ids {
            note(&mut done, id, void_invoice(&cx, id, TOGETHER.to_owned()).await)?;
        }
        Ok(done)
    })
}

fn note(done: &mut Done, id: i64, result: Result<(), BillError>) -> Result<(), Fault> {
    match result {
        Ok(()) => done.done += 1,
        Err(error) => match error.kind() {
            ErrorKind::Fault | ErrorKind::Unavailable => {
                return Err(Fault::wrap("doing something to several invoices", error));
            }
            ErrorKind::NotFound | ErrorKind::Invalid(_) | ErrorKind::Conflict | ErrorKind::Forbidden => {
                done.refused.push((id, error.message()));
            }
        },
    }
    Ok(())
}
