//! Clients, contacts and notes.

use bursar_customers::{
    ContactDetails, CustomerDetails, Grouping, ImportedContact, NewCustomer, Note, Postal, Status,
};
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_sqldump::RowRef;
use bursar_time::{Date, Instant};

use super::Import;
use super::explain::count;
use super::figures::{hundredths, minor};
use super::notes::RowNote;
use super::plan::{amount_cell, cell, id_cell};
use super::store;
use crate::whmcs::amount::Hundredths;
use crate::whmcs::rows::{ClientRow, ClientStatus, ContactRow, NoteRow};

/// A client as Bursar has it.
#[derive(Debug)]
pub(super) struct CustomerOut {
    id: i64,
    new: NewCustomer,
    status: Status,
    created_on: Option<Date>,
    notes: String,
}

/// WHMCS's names of languages with their codes; others become English.
const LANGUAGES: &[(&str, &str)] = &[
    ("arabic", "ar"),
    ("catalan", "ca"),
    ("chinese", "zh"),
    ("croatian", "hr"),
    ("czech", "cs"),
    ("danish", "da"),
    ("dutch", "nl"),
    ("english", "en"),
    ("estonian", "et"),
    ("farsi", "fa"),
    ("french", "fr"),
    ("german", "de"),
    ("hebrew", "he"),
    ("hungarian", "hu"),
    ("italian", "it"),
    ("macedonian", "mk"),
    ("norwegian", "nb"),
    ("polish", "pl"),
    ("portuguese-br", "pt-BR"),
    ("portuguese-pt", "pt-PT"),
    ("romanian", "ro"),
    ("russian", "ru"),
    ("spanish", "es"),
    ("swedish", "sv"),
    ("turkish", "tr"),
    ("ukranian", "uk"),
];

impl Import {
    pub(super) fn take_client(&mut self, row: ClientRow) {
        let credit = minor(row.credit, row.currency);
        let key = row.currency.code();
        let delta = hundredths(credit, row.currency) - row.credit;
        self.explainer.rounded(&["credit_balance_by_currency", key], delta, &format!("client {}", row.id));
        if credit == 0 && row.credit != Hundredths::ZERO {
            let why = format!("the credit of client {}, {}, rounds to nothing", row.id, row.credit);
            self.explainer.add(&["credit_clients_nonzero"], count(-1), &why);
        }
        if row.is_autopay_disabled {
            self.methods.by_hand.set(row.id, ());
        }
        let country = self.country(row.id, "tblclients", &row.country);
        let language = row.language.to_lowercase();
        let details = CustomerDetails {
            postal: Postal {
                first_name: row.first_name,
                last_name: row.last_name,
                company: row.company,
                email: row.email,
                phone: row.phone,
                address1: row.address1,
                address2: row.address2,
                city: row.city,
                state: row.state,
                postcode: row.postcode,
                country,
                tax_id: row.tax_id,
            },
            tax_exempt: row.is_tax_exempt,
            language: LANGUAGES.iter().find(|l| l.0 == language).map_or("en", |l| l.1).to_owned(),
            group_id: row.group_id.filter(|id| self.plan.small.client_groups.iter().any(|g| g.id == *id)),
            grouping: if row.has_separate_invoices { Grouping::Separate } else { Grouping::Daily },
            auto_apply_credit: !self.setting_is_on("NoAutoApplyCredit"),
            late_fee_exempt: row.is_late_fee_exempt,
            dunning_exempt: row.is_reminder_exempt,
            billing_contact_id: row.billing_contact_id.filter(|id| self.plan.contacts.has(*id)),
            default_gateway: row.default_gateway,
            ..CustomerDetails::default()
        };
        self.batch.customers.push(CustomerOut {
            id: row.id,
            new: NewCustomer { currency: row.currency, details },
            status: match row.status {
                ClientStatus::Active => Status::Active,
                ClientStatus::Inactive => Status::Inactive,
                ClientStatus::Closed => Status::Closed,
            },
            created_on: row.created_on,
            notes: row.notes,
        });
    }

    /// A client that cannot be taken over: every total it was in is told why it is lower.
    pub(super) fn leave_out_client(&mut self, row: RowRef<'_>) {
        let id = id_cell(row, "id");
        let key = self.plan.currency_key(id);
        let credit = amount_cell(row, "credit");
        let why = format!("client {id} (currency {key}) was left out");
        let explainer = &mut self.explainer;
        explainer.add(&["clients_by_status", &cell(row, "status")], count(-1), &why);
        explainer.add(&["clients_by_currency", &key], count(-1), &why);
        explainer.add(&["credit_balance_by_currency", &key], Hundredths(-credit.0), &why);
        if credit != Hundredths::ZERO {
            explainer.add(&["credit_clients_nonzero"], count(-1), &why);
        }
        self.counts.entry("clients").or_default().left_out += 1;
    }

    fn country(&mut self, id: i64, table: &'static str, stored: &str) -> String {
        let code = stored.trim().to_uppercase();
        match code.as_str() {
            "UK" => "GB".to_owned(),
            _ if code.is_empty() || (code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase())) => code,
            _ => {
                let what = format!("{stored:?} is not a country code of two letters");
                self.notes.push(RowNote::new(table, id, "country", what, "taken over without a country"));
                String::new()
            }
        }
    }

    pub(super) fn take_contact(&mut self, row: ContactRow) {
        let Some(client) = row.client_id.filter(|id| self.plan.clients.has(*id)) else {
            let what = "its client is not there";
            self.notes.push(RowNote::new("tblcontacts", row.id, "userid", what, "left out"));
            self.counts.entry("contacts").or_default().left_out += 1;
            return;
        };
        let country = self.country(row.id, "tblcontacts", &row.country);
        self.batch.contacts.push(ImportedContact {
            id: row.id,
            customer: Id::new(client),
            details: ContactDetails {
                postal: Postal {
                    first_name: row.first_name,
                    last_name: row.last_name,
                    company: row.company,
                    email: row.email,
                    phone: row.phone,
                    address1: row.address1,
                    address2: row.address2,
                    city: row.city,
                    state: row.state,
                    postcode: row.postcode,
                    country,
                    tax_id: row.tax_id,
                },
                receives_general: row.receives_general,
                receives_invoices: row.receives_invoices,
                receives_services: row.receives_products,
                receives_domains: row.receives_domains,
                receives_support: row.receives_support,
            },
        });
    }

    pub(super) fn take_note(&mut self, row: NoteRow) {
        match row.client_id.filter(|id| self.plan.clients.has(*id)) {
            Some(client) => self.batch.notes.push((client, row)),
            None => {
                let what = "its client is not there";
                self.notes.push(RowNote::new("tblnotes", row.id, "userid", what, "left out"));
                self.counts.entry("notes").or_default().left_out += 1;
            }
        }
    }
}

pub(super) async fn write_customers(tx: &mut Tx, rows: &[CustomerOut]) -> Result<u64, Fault> {
    if rows.is_empty() {
        return Ok(0);
    }
    let have = store::present(tx, &store::HAVE_CUSTOMERS, rows.iter().map(|r| r.id)).await?;
    let mut written = 0;
    for row in rows.iter().filter(|r| !have.contains(&r.id)) {
        let created = row.created_on.map_or(tx.now(), |on| Instant::from_date_start(on, tx.zone()));
        let id = Id::new(row.id);
        bursar_customers::import_customer(tx, id, &row.new, row.status, created).await?;
        if !row.notes.is_empty() {
            let note = Note {
                id: tx.new_raw_id()?,
                body: row.notes.clone(),
                sticky: true,
                author: "WHMCS".to_owned(),
                created_at: created,
            };
            bursar_customers::import_note(tx, id, &note).await?;
        }
        written += 1;
    }
    Ok(written)
}

pub(super) async fn write_contacts(tx: &mut Tx, rows: &[ImportedContact]) -> Result<u64, Fault> {
    if rows.is_empty() {
        return Ok(0);
    }
    let have = store::present(tx, &store::HAVE_CONTACTS, rows.iter().map(|r| r.id)).await?;
    let mut written = 0;
    for row in rows.iter().filter(|r| !have.contains(&r.id)) {
        bursar_customers::import_contact(tx, row).await?;
        written += 1;
    }
    Ok(written)
}

pub(super) async fn write_notes(tx: &mut Tx, rows: &[(i64, NoteRow)]) -> Result<u64, Fault> {
    if rows.is_empty() {
        return Ok(0);
    }
    let have = store::present(tx, &store::HAVE_NOTES, rows.iter().map(|(_, r)| r.id)).await?;
    let mut written = 0;
    for (client, row) in rows.iter().filter(|(_, r)| !have.contains(&r.id)) {
        let at = row.created.map_or(tx.now(), |at| Instant::from_date_start(at.date(), tx.zone()));
        let note = Note {
            id: row.id,
            body: row.body.clone(),
            sticky: row.is_sticky,
            author: "WHMCS".to_owned(),
            created_at: at,
        };
        bursar_customers::import_note(tx, Id::new(*client), &note).await?;
        written += 1;
    }
    Ok(written)
}
