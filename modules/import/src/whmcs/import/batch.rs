//! Rows on their way into the database: what one transaction writes.

use std::collections::BTreeMap;
use std::sync::Arc;

use bursar_context::Cx;
use bursar_customers::ImportedContact;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_payments::{Gateways, ImportedMethod};

use super::{documents, methods, money, options, people, services, users};
use crate::whmcs::rows::NoteRow;

/// Rows of a kind written in one transaction, unless the caller has other wishes.
pub const ROWS: usize = 5_000;

/// Rows read, by kind.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) customers: Vec<people::CustomerOut>,
    pub(super) users: Vec<users::UserOut>,
    pub(super) members: Vec<users::MemberOut>,
    pub(super) contacts: Vec<ImportedContact>,
    pub(super) notes: Vec<(i64, NoteRow)>,
    pub(super) services: Vec<services::SubscriptionOut>,
    pub(super) addons: Vec<services::SubscriptionOut>,
    /// Add-ons that were there; they take their place, so that batches begin and end at the same rows every time.
    pub(super) known_addons: usize,
    pub(super) options: Vec<options::OptionOut>,
    pub(super) invoices: Vec<documents::InvoiceOut>,
    pub(super) lines: Vec<documents::LineOut>,
    pub(super) payments: Vec<money::PaymentOut>,
    pub(super) moves: Vec<money::MoveOut>,
    pub(super) methods: Vec<ImportedMethod>,
}

const KINDS: usize = 13;

/// By kind, how many there were, and how many of them were not there before.
pub(super) type Written = BTreeMap<&'static str, (usize, u64)>;

impl Batch {
    fn sizes(&self) -> [(&'static str, usize); KINDS] {
        [
            ("clients", self.customers.len()),
            ("users", self.users.len()),
            ("team_members", self.members.len()),
            ("contacts", self.contacts.len()),
            ("notes", self.notes.len()),
            ("services", self.services.len()),
            ("addons", self.addons.len() + self.known_addons),
            ("chosen_options", self.options.len()),
            ("invoices", self.invoices.len()),
            ("lines", self.lines.len()),
            ("payments", self.payments.len()),
            ("credit", self.moves.len()),
            ("payment_methods", self.methods.len()),
        ]
    }

    pub(super) fn is_full(&self, rows_of_a_kind: usize) -> bool {
        self.sizes().iter().any(|(_, rows)| *rows >= rows_of_a_kind)
    }

    /// Writes what is not there yet; only counts when there is nowhere to write.
    pub(super) async fn write(self, cx: Option<Cx>, gateways: Gateways) -> Result<Written, Fault> {
        let sizes = self.sizes();
        let counted = |written: [u64; KINDS]| -> Written {
            sizes.into_iter().zip(written).map(|((kind, found), written)| (kind, (found, written))).collect()
        };
        let Some(cx) = cx.filter(|_| sizes.iter().any(|(_, rows)| *rows > 0)) else {
            return Ok(counted([0; KINDS]));
        };
        let (batch, inner) = (Arc::new(self), cx.clone());
        let written = cx
            .write_batch(async move |tx: &mut Tx| {
                Ok::<_, Fault>([
                    people::write_customers(tx, &batch.customers).await?,
                    users::write_users(tx, &batch.users).await?,
                    users::write_members(tx, &batch.members).await?,
                    people::write_contacts(tx, &batch.contacts).await?,
                    people::write_notes(tx, &batch.notes).await?,
                    services::write(tx, &batch.services).await?,
                    services::write(tx, &batch.addons).await?,
                    options::write_options(tx, &batch.options).await?,
                    documents::write_invoices(tx, &batch.invoices).await?,
                    documents::write_lines(tx, &batch.lines).await?,
                    money::write_payments(tx, &batch.payments).await?,
                    money::write_moves(tx, &batch.moves).await?,
                    methods::write_methods(tx, &inner, &gateways, &batch.methods).await?,
                ])
            })
            .await?;
        Ok(counted(written))
    }
}
