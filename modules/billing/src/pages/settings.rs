//! Billing's settings: how documents are numbered and dated, who invoices, which tax is charged, how much may be paid
//! ahead, and what is asked of who leaves.

use bursar_app::Registry;
use bursar_db::Tx;
use bursar_fault::{Fault, FieldError};
use bursar_i18n::{Locale, countries, is_country};
use bursar_time::Date;
use bursar_web::{Setting, SettingsDocument, SettingsGroup, SettingsPage};

use crate::changes::survey::{CancelSurvey, READY};
use crate::invoices::number::NumberFormat;
use crate::permissions::SETTINGS;
use crate::sellers::{self, Seller};
use crate::settings::{BillingSettings, KEY};
use crate::settle::deposit::{self, DepositSettings};
use crate::taxes::TaxSettings;
use crate::taxes::store::SETTINGS_KEY;

pub(super) fn register(registry: &mut Registry) {
    registry.settings(invoices());
    registry.settings(seller());
    registry.settings(taxes());
    registry.settings(deposits());
    registry.settings(leaving());
}

impl SettingsDocument for BillingSettings {
    const KEY: &'static str = KEY;
    const PERMISSION: &'static str = SETTINGS;

    fn wrong(&self) -> Vec<FieldError> {
        self.problems()
    }
}

/// What the forty-second document of this format would be called.
fn numbered(format: &str) -> Result<String, String> {
    let format = NumberFormat::parse(format).map_err(|why| format!("{why}."))?;
    Ok(format!("The forty-second is called {}", format.render(42, Date::constant(2026, 3, 31))))
}

fn invoices() -> SettingsPage {
    let numbers = vec![
        Setting::text("invoice_format", "Numbers of invoices", 60)
            .help("{YYYY} is the year, {MM} the month, and each 0 a digit of the number.")
            .example(numbered),
        Setting::text("credit_note_format", "Numbers of credit notes", 60)
            .help("As above, for example CN-{YYYY}-{000000}.")
            .example(numbered),
        Setting::yes_no("reset_yearly", "Begin again at 1 every year")
            .help("The format must then have the year in it, or two invoices would have one number."),
    ];
    let dates = vec![
        Setting::days("lead_days", "Invoice before the period", 0, 365)
            .help("For new subscriptions. With 7, a month that begins on the 15th is invoiced on the 8th."),
        Setting::days("due_days", "Time to pay", 0, 365)
            .help("With 14, an invoice of 1 March is due on 15 March and overdue on the 16th."),
        Setting::whole("outlier_factor", "Unusual from", 1, 1_000)
            .unit("times the usual amount")
            .help("The billing run lists what is so much more than last time, before it is sent."),
    ];
    let late = vec![
        Setting::percent("late_fee_ppm", "Late fee", 1_000_000)
            .unit("% of what is open")
            .help("With 5, 100.00 that are open become 105.00. 0 for none."),
        Setting::whole("late_fee_minor", "At least", 0, 10_000_000)
            .unit("smallest units of the currency")
            .help("500 are 5.00 euro. It is charged even when the share is less."),
        Setting::days("late_fee_days", "Charged after", 0, 365)
            .unit("days overdue")
            .help("With 14, an invoice that was due on the 1st gets its fee on the 15th."),
    ];
    let groups = vec![
        SettingsGroup::new(
            "Numbers",
            "A series has no gap. A new format counts from the next series on.",
            numbers,
        ),
        SettingsGroup::new("Dates", "When invoices are made, and when they are due.", dates),
        SettingsGroup::new("Late fee", "What is added to an invoice that stays unpaid.", late),
        SettingsGroup::new(
            "On the document",
            "Printed below the sums.",
            vec![
                Setting::long_text("payment_instructions", "How to pay by bank transfer", 2_000)
                    .optional()
                    .help("For example: IBAN DE02 1203 0000 0000 2020 51, please give the invoice's number."),
            ],
        ),
    ];
    SettingsPage::of::<BillingSettings>("/admin/settings/invoices", "Invoices", groups)
        .described("file-invoice", "Numbers, dates, late fee and what is printed.")
}

/// The seller lies in versions that documents point at, not under a key.
impl SettingsDocument for Seller {
    const KEY: &'static str = "billing.seller";
    const PERMISSION: &'static str = SETTINGS;

    fn wrong(&self) -> Vec<FieldError> {
        let mut wrong = Vec::new();
        if !is_country(&self.country) {
            wrong.push(FieldError::new("country", "Choose the country you are in."));
        }
        if !self.email.is_empty() && !self.email.contains('@') {
            wrong.push(FieldError::new("email", "Enter one e-mail address such as billing@example.com."));
        }
        wrong
    }

    async fn load(tx: &mut Tx) -> Result<Self, Fault> {
        match sellers::current(tx).await? {
            Some(id) => Ok(sellers::find(tx, id).await?.unwrap_or_default()),
            None => Ok(Self::default()),
        }
    }

    async fn store(&self, tx: &mut Tx) -> Result<(), Fault> {
        sellers::set(tx, self).await.map(drop)
    }
}

/// Countries to choose from, and none, so that nobody saves the first of the list by mistake.
fn any_country() -> Vec<(&'static str, &'static str)> {
    let none = ("", "–");
    std::iter::once(none).chain(countries(Locale::En).iter().copied()).collect()
}

fn seller() -> SettingsPage {
    let who = vec![
        Setting::text("name", "Legal name", 200)
            .help("For example Northwind Hosting GmbH. Pages carry it too."),
        Setting::lines("address", "Address", 1_000).help("One line each, without the country."),
        Setting::choice("country", "Country", any_country()).help("It decides which tax rules are yours."),
    ];
    let office = vec![
        Setting::text("tax_id", "Tax number", 40).optional().help("For example DE123456789."),
        Setting::text("registration", "Register entry", 200)
            .optional()
            .help("For example HRB 12345 B, Amtsgericht Charlottenburg."),
    ];
    let reach = vec![
        Setting::text("email", "E-mail", 254).optional().help("Where customers write to about invoices."),
        Setting::text("website", "Web address", 254)
            .optional()
            .help("For example https://northwind.example."),
    ];
    let groups = vec![
        SettingsGroup::new("Who invoices", "Documents that were issued keep what they said.", who),
        SettingsGroup::new("For the tax office", "What the law asks to be printed.", office),
        SettingsGroup::new("To reach you", "Printed at the foot.", reach),
    ];
    SettingsPage::of::<Seller>("/admin/settings/seller", "Your business", groups)
        .described("building", "Who invoices: name, address, tax number.")
}

impl SettingsDocument for TaxSettings {
    const KEY: &'static str = SETTINGS_KEY;
    const PERMISSION: &'static str = SETTINGS;

    fn wrong(&self) -> Vec<FieldError> {
        if is_country(&self.home_country) || self.home_country.is_empty() {
            return Vec::new();
        }
        vec![FieldError::new("home_country", "Choose one of the countries, or none.")]
    }
}

fn taxes() -> SettingsPage {
    let settings = vec![
        Setting::yes_no("enabled", "Charge tax").help("Off for a business that the law frees from it."),
        Setting::yes_no("inclusive", "Prices of the catalogue include tax")
            .help("With 19 %, a price of 119.00 is 100.00 and 19.00 of tax. Otherwise 100.00 become 119.00."),
        Setting::yes_no("compound", "Second level on top of the first")
            .help("With 10 % and 5 %, 100.00 become 115.50 instead of 115.00."),
        Setting::yes_no("reverse_charge", "Reverse charge within the EU").help(
            "Businesses of other member states with a confirmed number account for the tax themselves.",
        ),
        Setting::choice("home_country", "Established in", any_country()).optional(),
    ];
    let groups =
        vec![SettingsGroup::new("Tax", "The rules themselves are listed by country and state.", settings)];
    SettingsPage::of::<TaxSettings>("/admin/settings/tax", "Tax", groups)
        .described("scale", "Whether and how tax is charged.")
}

impl SettingsDocument for DepositSettings {
    const KEY: &'static str = deposit::KEY;
    const PERMISSION: &'static str = SETTINGS;

    fn wrong(&self) -> Vec<FieldError> {
        self.problems()
    }
}

fn deposits() -> SettingsPage {
    let at_once = vec![
        Setting::amounts("smallest_minor", "At least")
            .optional()
            .help("For example EUR 5.00, USD 5.00. A currency that is not named has no limit."),
        Setting::amounts("largest_minor", "At most")
            .optional()
            .help("For example EUR 5000.00: a stolen card then moves no more than that."),
    ];
    let together = vec![Setting::amounts("largest_balance_minor", "Credit may reach").optional().help(
        "With EUR 10000.00 and 9,900.00 on credit, 100.00 more can be paid ahead. Some laws bound this.",
    )];
    let groups = vec![
        SettingsGroup::new("At once", "What one payment ahead may be.", at_once),
        SettingsGroup::new("Together", "What may lie on a customer's credit afterwards.", together),
    ];
    SettingsPage::of::<DepositSettings>("/admin/settings/funds", "Paying ahead", groups)
        .described("wallet", "How much credit customers may buy: add funds, deposits.")
}

impl SettingsDocument for CancelSurvey {
    const KEY: &'static str = crate::changes::survey::KEY;
    const PERMISSION: &'static str = SETTINGS;

    fn wrong(&self) -> Vec<FieldError> {
        self.problems()
    }
}

fn leaving() -> SettingsPage {
    let settings = vec![
        Setting::several("ready", "Reasons to choose from", READY.to_vec())
            .help("These are asked in the customer's language."),
        Setting::lines("own", "Reasons of your own", 2_000)
            .optional()
            .help("One a line, for example: The game is over. Everybody reads them as they stand here."),
        Setting::yes_no("must_answer", "A reason must be given")
            .help("Otherwise a customer may leave without a word. Some laws forbid to insist."),
    ];
    let groups = vec![SettingsGroup::new("Survey", "Asked of who cancels a subscription.", settings)];
    SettingsPage::of::<CancelSurvey>("/admin/settings/cancelling", "Cancelling", groups)
        .described("logout", "What customers are asked when they leave: reasons, survey.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_shows_what_it_makes() {
        assert_eq!(numbered("INV-{YYYY}-{000000}").unwrap(), "The forty-second is called INV-2026-000042");
        assert!(numbered("INV-{YYYY}").is_err());
    }

    #[test]
    fn every_setting_is_one_of_its_document() {
        for page in [invoices(), seller(), taxes(), deposits(), leaving()] {
            assert_eq!(page.mistakes(), Vec::<String>::new());
        }
    }
}
