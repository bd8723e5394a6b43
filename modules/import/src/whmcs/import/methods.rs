//! Stored payment methods: who has which is in one table, what charges it in two others.

use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_gateway::MethodToken;
use bursar_payments::{Gateways, ImportedMethod, import_method};

use super::Import;
use super::notes::RowNote;
use super::secrets::token;
use crate::spill::{Pages, Scratch, record};
use crate::whmcs::rows::{BankAccountRow, CreditCardRow, PayMethodRow};
use crate::whmcs::totals::Names;

record! {
    /// A method that is to be taken over, by the row that charges it.
    pub(super) struct Wanted {
        id: i64,
        client: i64,
        /// The gateway, among the names.
        gateway: u32,
    }
}

record! {
    /// The method of a client that comes first.
    struct First {
        order: i64,
        id: i64,
        is_known: bool,
    }
}

/// What is known of methods before the rows that charge them are read.
#[derive(Debug)]
pub(super) struct Methods {
    cards: Pages<Wanted>,
    accounts: Pages<Wanted>,
    first: Pages<First>,
    /// Clients whose cards are not charged automatically.
    pub(super) by_hand: Pages<()>,
    gateways: Names,
}

impl Methods {
    pub(super) fn new(scratch: &Scratch) -> Self {
        Self {
            cards: Pages::new(scratch),
            accounts: Pages::new(scratch),
            first: Pages::new(scratch),
            by_hand: Pages::new(scratch),
            gateways: Names::default(),
        }
    }
}

impl Import {
    /// One of the first reading. What is wrong is told then.
    pub(super) fn learn_method(&mut self, it: &PayMethodRow) {
        let mut leave_out = |field, what: &str| {
            self.notes.push(RowNote::new("tblpaymethods", it.id, field, what, "left out"));
            self.counts.entry("payment_methods").or_default().left_out += 1;
        };
        let Some(client) = it.client_id.filter(|id| self.plan.clients.has(*id)) else {
            return leave_out("userid", "its client is not there");
        };
        if it.deleted_at.is_some() {
            return leave_out("deleted_at", "the client has deleted it");
        }
        let Some(row) = it.payment_id else { return leave_out("payment_id", "it has no card or account") };
        if it.gateway.is_empty() {
            return leave_out("gateway_name", "no gateway keeps it; ask the customer for it again");
        }
        let methods = &mut self.methods;
        let wanted = Wanted { id: it.id, client, gateway: methods.gateways.number(&it.gateway) };
        if it.payment_kind.contains("Card") { &methods.cards } else { &methods.accounts }.set(row, wanted);
        methods.first.update(client, |first| {
            if !first.is_known || (it.order, it.id) < (first.order, first.id) {
                *first = First { order: it.order, id: it.id, is_known: true };
            }
        });
    }

    pub(super) fn take_card(&mut self, it: &CreditCardRow) {
        let Some(wanted) = self.methods.cards.get(it.id) else { return };
        let expires = it.expires.map(|at| format!("{:04}-{:02}", at.year(), at.month()));
        // Four digits are shown; a whole number that lies there is not taken over.
        let digits: String = it.last_four.chars().filter(char::is_ascii_digit).collect();
        let last4 = digits[digits.len().saturating_sub(4)..].to_owned();
        self.take_method(("tblcreditcards", it.id), wanted, &it.data, (it.brand.clone(), last4, expires));
    }

    pub(super) fn take_account(&mut self, it: &BankAccountRow) {
        let Some(wanted) = self.methods.accounts.get(it.id) else { return };
        self.take_method(("tblbankaccts", it.id), wanted, &it.data, (it.bank.clone(), String::new(), None));
    }

    fn take_method(
        &mut self,
        (table, row): (&str, i64),
        wanted: Wanted,
        data: &str,
        (brand, last4, expires): (String, String, Option<String>),
    ) {
        let token = match token(self.options.encryption_hash.as_ref(), wanted.client, data) {
            Ok(token) => MethodToken::new(token.expose().clone()),
            Err(why) => {
                self.notes.push(RowNote::new(table, row, "data", why.to_string(), "left out"));
                self.counts.entry("payment_methods").or_default().left_out += 1;
                return;
            }
        };
        let gateway = self.methods.gateways.name(wanted.gateway).to_owned();
        let is_first = self.methods.first.get(wanted.client).is_some_and(|first| first.id == wanted.id);
        let is_set_up = self.options.gateways.find(&gateway).is_some();
        if !is_set_up {
            let what = format!("the gateway {gateway} is not set up here");
            let done = "taken over, and not charged before it is set up and the method made the default";
            self.notes.push(RowNote::new("tblpaymethods", wanted.id, "gateway_name", what, done));
        }
        self.batch.methods.push(ImportedMethod {
            id: wanted.id,
            customer: wanted.client,
            gateway,
            token,
            brand,
            last4,
            expires,
            is_default: is_first && is_set_up && !self.methods.by_hand.has(wanted.client),
        });
    }

    /// Methods of which no card or account row was found.
    pub(super) fn tell_of_lost_methods(&mut self) {
        let lost = self.counts.get("payment_methods").map_or(0, |count| count.found + count.left_out);
        let expected = self.methods_read;
        if lost < expected {
            let what = format!("the card or account rows of {} methods are not there", expected - lost);
            self.notes.push(RowNote::new("tblpaymethods", 0, "payment_id", what, "left out"));
            self.counts.entry("payment_methods").or_default().left_out += expected - lost;
        }
    }
}

pub(super) async fn write_methods(
    tx: &mut Tx,
    cx: &Cx,
    gateways: &Gateways,
    methods: &[ImportedMethod],
) -> Result<u64, Fault> {
    let mut written = 0;
    for method in methods {
        written += u64::from(import_method(tx, cx, gateways, method).await?);
    }
    Ok(written)
}
