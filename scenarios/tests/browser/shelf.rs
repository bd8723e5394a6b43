//! What a walk finds on the shelf, and how it reads what pages are not.

use std::io::Write as _;
use std::process::{Command, Stdio};

use bursar_billing::taxes::{TaxRule, TaxSettings, store as taxes};
use bursar_catalog::{
    CouponDetails, CouponKind, GroupDetails, NewPrice, OwnerKind, ProductDetails, create_coupon,
    create_group, create_product, offer_upgrades, put_price,
};
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_i18n::Locale;
use bursar_ids::Id;
use bursar_money::{Currency, Ppm};
use bursar_scenarios::House;
use bursar_storefront::texts::TextName;
use bursar_storefront::texts::publish::{Draft, publish_text};
use bursar_time::Cycle;

/// A product by the month in euros: its name, price and set-up fee.
pub fn product(house: &House, group: i64, name: &str, monthly_minor: i64, setup_minor: i64) -> i64 {
    let cx = house.cx();
    let mut details = ProductDetails::named(group, name);
    details.allow_quantity = true;
    let id = house.wait(create_product(&cx, details)).expect("a product can be made").get();
    let price = NewPrice {
        owner_kind: OwnerKind::Product,
        owner_id: id,
        currency: Currency::EUR,
        cycle: Cycle::Monthly,
        amount_minor: monthly_minor,
        setup_minor,
        valid_from_on: None,
    };
    house.wait(put_price(&cx, price)).expect("a price can be set");
    id
}

/// A group to put products into.
pub fn group(house: &House, name: &str) -> i64 {
    let details = GroupDetails { name: name.to_owned(), ..GroupDetails::default() };
    house.wait(create_group(&house.cx(), details)).expect("a group can be made")
}

/// Who has the first may change to the second.
pub fn upgrade(house: &House, from: i64, to: i64) {
    house.wait(offer_upgrades(&house.cx(), Id::new(from), vec![Id::new(to)])).expect("it can be offered");
}

/// A server at 20.00 a month with 5.00 set-up, a code for 10 %, 19 % VAT in Germany, and terms.
pub fn fill(house: &House) {
    let cx = house.cx();
    let servers = group(house, "Servers");
    product(house, servers, "VPS Two", 2_000, 500);
    let ten = CouponDetails {
        code: "TEN".into(),
        kind: CouponKind::Percent,
        value_ppm: 100_000,
        ..CouponDetails::default()
    };
    house.wait(create_coupon(&cx, ten)).expect("a code can be made");
    charge_tax(house);
    let terms = Draft {
        name: TextName::Terms,
        locale: Locale::default(),
        title: "Terms of service".into(),
        body_md: "Be **nice**.".into(),
    };
    house.wait(publish_text(&cx, terms)).expect("terms can be published");
}

fn charge_tax(house: &House) {
    let cx = house.cx();
    let set = cx.write(async |tx: &mut Tx| {
        let settings = TaxSettings { home_country: "DE".into(), ..TaxSettings::default() };
        bursar_context::settings::set(tx, taxes::SETTINGS_KEY, &settings).await?;
        let (name, country, rate) = ("VAT".to_owned(), "DE".to_owned(), Ppm::new(190_000));
        taxes::insert(tx, &TaxRule { id: 1, level: 1, name, country, state: String::new(), rate }).await?;
        Ok::<_, Fault>(())
    });
    house.wait(set).expect("the tax can be set");
}

/// What mails to an address say, newest first.
pub fn mails_to(house: &House, email: &str) -> Vec<String> {
    let cx = house.cx();
    let listed = cx.read(async |tx: &mut Tx| bursar_messaging::list(tx, None, 100).await);
    let mails = house.wait(listed).expect("mails can be listed");
    mails.into_iter().filter(|mail| mail.to_email == email).map(|mail| mail.body_text).collect()
}

/// What a person reads in a PDF.
pub fn text_of_pdf(bytes: &[u8]) -> String {
    let mut tool = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("pdftotext is installed (apt-get install poppler-utils)");
    tool.stdin.take().expect("its input is piped").write_all(bytes).expect("it reads the paper");
    let output = tool.wait_with_output().expect("it ends");
    assert!(output.status.success(), "the paper is a PDF");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
