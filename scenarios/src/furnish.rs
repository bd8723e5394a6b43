//! What a business that runs by itself lacks, so that there is one of everything to look at.

use bursar_billing::invoices::draft::{DraftInput, DraftLine, create_draft};
use bursar_billing::invoices::line::LineKind;
use bursar_db::Tx;
use bursar_messaging::NewMessage;

use crate::house::House;

/// A message in the outbox, and an invoice that somebody is still writing.
pub(crate) fn furnish(house: &House) {
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
