//! What a business that runs by itself lacks, so that there is one of everything to look at.

use bursar_billing::invoices::draft::{DraftInput, DraftLine, create_draft};
use bursar_billing::invoices::line::LineKind;
use bursar_billing::sellers::{self, Seller};
use bursar_catalog::{
    AddonDetails, OptionDetails, OptionKind, Pay, create_addon, create_option, create_option_group,
};
use bursar_customers::{ContactDetails, CustomerDetails, NewCustomer, Postal, add_contact, create_customer};
use bursar_db::Tx;
use bursar_ids::Id;
use bursar_messaging::NewMessage;
use bursar_money::Currency;

use crate::house::House;

/// Says who sells here, which every invoice says.
pub(crate) fn name_seller(house: &House) {
    let seller = Seller {
        name: "Northwind Hosting".to_owned(),
        address: vec!["1 Quay".to_owned(), "20457 Hamburg".to_owned()],
        country: "DE".to_owned(),
        ..Seller::default()
    };
    let told = house.cx();
    house
        .wait(told.write(async move |tx: &mut Tx| sellers::set(tx, &seller).await.map(drop)))
        .expect("the seller can be set");
}

impl House {
    /// A customer from Berlin who pays in euros.
    pub fn customer(&self, company: &str) -> i64 {
        let postal = Postal {
            company: company.to_owned(),
            email: "buyer@shop.example".to_owned(),
            address1: "2 Road".to_owned(),
            city: "Berlin".to_owned(),
            postcode: "10115".to_owned(),
            country: "DE".to_owned(),
            ..Postal::default()
        };
        let details = CustomerDetails { postal, ..CustomerDetails::default() };
        let new = NewCustomer { currency: Currency::EUR, details };
        self.wait(create_customer(&self.cx(), new)).expect("a customer can be added").get()
    }
}

/// Something to choose beside a product: an add-on, and an option with two answers.
fn fill_catalogue(house: &House) {
    let cx = house.cx();
    let addon = AddonDetails {
        name: "Daily backups".to_owned(),
        description_md: "Kept for **14 days**.".to_owned(),
        pay: Pay::Recurring,
        taxable: true,
        allow_quantity: false,
        hidden: false,
        position: 0,
    };
    house.wait(create_addon(&cx, addon)).expect("an add-on can be made");
    let group = house.wait(create_option_group(&cx, "Servers".to_owned())).expect("a group can be made");
    let option = OptionDetails {
        group_id: group,
        name: "Operating system".to_owned(),
        kind: OptionKind::Choice,
        min_qty: 0,
        max_qty: 0,
        position: 0,
        hidden: false,
    };
    let answers = vec!["Debian".to_owned(), "AlmaLinux".to_owned()];
    house.wait(create_option(&cx, option, answers)).expect("an option can be made");
}

/// Somebody else whom mails go to.
fn introduce_contact(house: &House) {
    let postal = Postal {
        first_name: "Noor".to_owned(),
        last_name: "Haddad".to_owned(),
        email: "noor@shop.example".to_owned(),
        country: "DE".to_owned(),
        ..Postal::default()
    };
    let details = ContactDetails { postal, receives_invoices: true, ..ContactDetails::default() };
    house.wait(add_contact(&house.cx(), Id::new(house.debtor()), details)).expect("a contact can be added");
}

/// A message in the outbox, and an invoice that somebody is still writing.
pub(crate) fn furnish(house: &House) {
    fill_catalogue(house);
    introduce_contact(house);
    let cx = house.cx();
    let message = NewMessage {
        to_email: "chloe@example.test".to_owned(),
        subject: "Your sign-in link".to_owned(),
        body_text: "Hello Chloé,\n\nthis link signs you in once.\n".to_owned(),
        kind: "portal.sign_in_link",
        customer_id: None,
    };
    let written = cx.write(async move |tx: &mut Tx| bursar_messaging::queue(tx, &message).await);
    house.wait(written).expect("mail can be written");
    let line = DraftLine {
        kind: LineKind::Manual,
        description: "Moving a web shop, three hours".to_owned(),
        quantity: 3,
        unit_minor: 9_500,
        taxable: true,
        period: None,
    };
    let draft = DraftInput { customer_id: house.debtor(), due_on: None, notes: None, lines: vec![line] };
    house.wait(create_draft(&cx, draft)).expect("a draft can be kept");
}
