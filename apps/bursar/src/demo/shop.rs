//! The demo's shop: texts, options and add-ons, and a morning of orders, some of which wait for somebody to look at them.

use std::collections::BTreeMap;

use bursar_billing::settle::{PayRequest, pay_invoices};
use bursar_catalog::{
    AddonDetails, CatalogError, NewPrice, OptionDetails, OptionKind, OwnerKind, Pay, create_addon,
    create_option, create_option_group, offer_addons, offer_option_groups, put_price,
};
use bursar_context::Cx;
use bursar_fault::Fault;
use bursar_gateway::MethodToken;
use bursar_gateway_sandbox::{ID as SANDBOX, cards};
use bursar_i18n::Locale;
use bursar_ids::{Id, Rng};
use bursar_ordering::carts::change::{Place, add_item};
use bursar_ordering::carts::{Picked, Shopper, Wish};
use bursar_ordering::orders::Agreement;
use bursar_ordering::orders::place::{Checkout, place_order};
use bursar_ordering::questions::{NewQuestion, QuestionKind, add_question};
use bursar_ordering::settings::OrderSettings;
use bursar_ordering::{Kinds, OrderError};
use bursar_payments::{Keep, run_charge};
use bursar_storefront::texts::TextName;
use bursar_storefront::texts::publish::{Draft, publish_text};
use bursar_time::Cycle;
use bursar_web::save_settings;

use super::catalog::{CURRENCIES, CYCLES, Shelved};
use super::people;
use crate::office::Office;

/// Invented people beyond those who came during the year.
const LATECOMERS: usize = 10_000;

/// Monthly prices in EUR, USD, GBP (cents) and JPY (yen).
type Monthly = [i64; 4];

const TEXTS: &[(TextName, &str, &str)] = &[
    (
        TextName::Home,
        "Servers from the far north",
        "Web space, virtual and dedicated servers from Hamburg. Set up in minutes, billed to the cent.",
    ),
    (
        TextName::About,
        "About us",
        "We are twelve people in the Speicherstadt who have run servers since 2009.\n\n- Own hardware in two data centres\n- Green power from the coast\n- People who answer",
    ),
    (
        TextName::Contact,
        "Contact",
        "Nordlicht Hosting GmbH\nSpeicherstadt 12, 20457 Hamburg\n\n[billing@nordlicht.example](mailto:billing@nordlicht.example)",
    ),
    (
        TextName::Terms,
        "Terms of service",
        "## 1. What we do\n\nWe run the servers you order, around the clock.\n\n## 2. What you do\n\nYou pay in time, keep your password to yourself and use what you rent within the law.\n\n## 3. Ending\n\nMonthly contracts end at the end of any period.",
    ),
    (
        TextName::Privacy,
        "Privacy policy",
        "We keep what we need to bill you and what the law asks us to keep, and nothing else.",
    ),
    (
        TextName::AcceptableUse,
        "Acceptable use",
        "No spam, no attacks on others, nothing that is against the law.",
    ),
    (
        TextName::Sla,
        "Service level agreement",
        "| service | available |\n| --- | --- |\n| Virtual servers | 99.9 % a month |\n| Dedicated servers | 99.95 % a month |",
    ),
];

/// Who orders this morning: index of the product, cycle, and the card it is paid with.
const MORNING: &[(usize, Cycle, Option<&str>)] = &[
    (3, Cycle::Monthly, Some(cards::VISA)),
    (5, Cycle::Annual, Some(cards::VISA)),
    (1, Cycle::Quarterly, Some(cards::MASTERCARD)),
    (4, Cycle::Monthly, Some(cards::VISA)),
    (6, Cycle::Monthly, None),
    (0, Cycle::Annual, None),
    (7, Cycle::Monthly, Some(cards::VISA)),
];

fn refused(error: impl std::fmt::Display) -> Fault {
    Fault::new(format!("the demo's shop: {error}"))
}

/// Opens the shop and lets the first customers in. Gives how many orders were placed.
pub async fn open(office: &Office, cx: &Cx, shelf: &[Shelved], seed: u64) -> Result<usize, Fault> {
    for (name, title, body) in TEXTS {
        let draft = Draft {
            name: *name,
            locale: Locale::default(),
            title: (*title).to_owned(),
            body_md: (*body).to_owned(),
        };
        publish_text(cx, draft).await.map_err(refused)?;
    }
    furnish(cx, shelf).await?;
    let settings = OrderSettings {
        review_products: shelf.get(5).map(|machine| machine.id).into_iter().collect(),
        alert_from_minor: BTreeMap::from([("EUR".to_owned(), 50_000)]),
        alert_email: "sales@nordlicht.example".into(),
        ..OrderSettings::default()
    };
    save_settings(cx, settings).await.map_err(refused)?;
    let mut rng = Rng::from_seed(seed.wrapping_add(1));
    for (n, (product, cycle, card)) in MORNING.iter().enumerate() {
        let product = shelf.get(*product).ok_or_else(|| Fault::new("the demo's shelf is short"))?.id;
        order(office, cx, (n, product, *cycle, *card), &mut rng).await?;
    }
    Ok(MORNING.len())
}

/// Options and add-ons of the servers, and what is asked of who orders one.
async fn furnish(cx: &Cx, shelf: &[Shelved]) -> Result<(), Fault> {
    let catalog = |e: CatalogError| refused(e);
    let group = create_option_group(cx, "Virtual servers".to_owned()).await.map_err(catalog)?;
    let option = |name: &str, kind, position| OptionDetails {
        group_id: group,
        name: name.to_owned(),
        kind,
        min_qty: 0,
        max_qty: 16,
        position,
        hidden: false,
    };
    let systems = ["Debian 13", "Ubuntu 26.04", "Rocky Linux 10"].map(str::to_owned).to_vec();
    let systems = create_option(cx, option("Operating system", OptionKind::Radio, 0), systems).await;
    for value in systems.map_err(catalog)?.1 {
        price(cx, OwnerKind::OptionValue, value, [0; 4]).await?;
    }
    let memory = vec!["per GB".to_owned()];
    let memory = create_option(cx, option("More memory (GB)", OptionKind::Quantity, 1), memory).await;
    for value in memory.map_err(catalog)?.1 {
        price(cx, OwnerKind::OptionValue, value, [150, 165, 130, 240]).await?;
    }
    let addon = |name: &str, about: &str, pay| AddonDetails {
        name: name.to_owned(),
        description_md: about.to_owned(),
        pay,
        taxable: true,
        allow_quantity: false,
        hidden: false,
        position: 0,
    };
    let backup = addon("Daily backup", "Kept for two weeks.", Pay::Recurring);
    let backup = create_addon(cx, backup).await.map_err(catalog)?;
    price(cx, OwnerKind::Addon, backup, [300, 330, 260, 480]).await?;
    let setup = addon("Set up by us", "Web server, mail and a firewall.", Pay::OneTime);
    let setup = create_addon(cx, setup).await.map_err(catalog)?;
    for (n, currency) in CURRENCIES.into_iter().enumerate() {
        let new = NewPrice {
            owner_kind: OwnerKind::Addon,
            owner_id: setup,
            currency,
            cycle: Cycle::OneTime,
            amount_minor: [4_900, 5_400, 4_200, 7_900][n],
            setup_minor: 0,
            valid_from_on: None,
        };
        put_price(cx, new).await.map_err(catalog)?;
    }
    for server in shelf.iter().skip(2).take(3) {
        offer_option_groups(cx, Id::new(server.id), vec![group]).await.map_err(catalog)?;
        offer_addons(cx, Id::new(server.id), vec![backup, setup]).await.map_err(catalog)?;
        let question = NewQuestion {
            product_id: Some(server.id),
            name: "hostname".to_owned(),
            label: "Host name".to_owned(),
            kind: QuestionKind::Hostname,
            help: "How the server calls itself, for example web1.example.org.".to_owned(),
            choices: Vec::new(),
            required: false,
            position: 0,
        };
        add_question(cx, question).await.map_err(refused)?;
    }
    Ok(())
}

async fn price(cx: &Cx, owner_kind: OwnerKind, owner_id: i64, monthly: Monthly) -> Result<(), Fault> {
    for (n, currency) in CURRENCIES.into_iter().enumerate() {
        for (cycle, tenths) in CYCLES {
            let amount_minor = monthly[n] * tenths / 10;
            let new = NewPrice {
                owner_kind,
                owner_id,
                currency,
                cycle,
                amount_minor,
                setup_minor: 0,
                valid_from_on: None,
            };
            put_price(cx, new).await.map_err(refused)?;
        }
    }
    Ok(())
}

/// Somebody new orders as in the shop, and pays if they have a card.
async fn order(
    office: &Office,
    cx: &Cx,
    (n, product, cycle, card): (usize, i64, Cycle, Option<&str>),
    rng: &mut Rng,
) -> Result<(), Fault> {
    let new = people::invent(LATECOMERS + n, rng);
    let currency = new.currency;
    let customer = bursar_customers::create_customer(cx, new).await.map_err(refused)?.get();
    let shopper = Shopper { token: None, customer_id: Some(customer) };
    let options = options_of(cx, product).await?;
    let picked = Picked { product, cycle, quantity: 1, options, addons: Vec::new() };
    let place = Place { currency, country: String::new() };
    let wanted = (Wish::Product(picked), BTreeMap::new());
    let told = |e: OrderError| refused(e);
    add_item(cx, Kinds::default(), shopper.clone(), place, wanted).await.map_err(told)?;
    let terms = Agreement {
        name: TextName::Terms.code().to_owned(),
        title: "Terms of service".to_owned(),
        version: 1,
        hash: String::new(),
    };
    let checkout = Checkout {
        agreements: vec![terms],
        from_address: format!("192.0.2.{}", 10 + n),
        ..Checkout::default()
    };
    let placed = place_order(cx, Kinds::default(), shopper, checkout).await.map_err(told)?;
    if let (Some(card), Some(invoice)) = (card, placed.invoice_id) {
        let gateways = &office.drivers.gateways;
        let token = MethodToken::new(card.to_owned());
        let method = bursar_payments::store_method(cx, gateways, customer, SANDBOX, token, Keep::ForLater);
        let request = PayRequest {
            customer,
            invoices: vec![invoice],
            gateway: SANDBOX.to_owned(),
            method: Some(method.await.map_err(refused)?),
            is_present: true,
            return_url: Some("/portal".to_owned()),
            reason: placed.number,
        };
        let payment = pay_invoices(cx, request).await.map_err(refused)?;
        run_charge(cx, gateways, payment).await.map_err(refused)?;
    }
    office.app.drain(cx).await.map(drop)
}

/// The first answer to whatever must be answered.
async fn options_of(cx: &Cx, product: i64) -> Result<Vec<(i64, i64, i64)>, Fault> {
    let options = cx
        .read(async move |tx: &mut bursar_db::Tx| {
            bursar_catalog::options_of_product(tx, Id::new(product)).await
        })
        .await?;
    let asked = options.iter().filter(|option| option.must_be_chosen());
    Ok(asked.filter_map(|option| Some((option.id, option.values.first()?.id, 1))).collect())
}
