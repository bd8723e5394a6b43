//! The demo's shop: texts, options and add-ons, and what is asked and looked at when somebody orders.

use std::collections::BTreeMap;

use bursar_catalog::{
    AddonDetails, CatalogError, NewPrice, OptionDetails, OptionKind, OwnerKind, Pay, create_addon,
    create_option, create_option_group, offer_addons, offer_option_groups, put_price,
};
use bursar_context::Cx;
use bursar_fault::Fault;
use bursar_i18n::Locale;
use bursar_ids::Id;
use bursar_ordering::questions::{NewQuestion, QuestionKind, add_question};
use bursar_ordering::settings::OrderSettings;
use bursar_storefront::texts::TextName;
use bursar_storefront::texts::publish::{Draft, publish_text};
use bursar_time::Cycle;
use bursar_web::save_settings;

use super::catalog::{CURRENCIES, CYCLES, DEDICATED, Shelved};

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
        "Nordlicht Hosting GmbH\\\nSpeicherstadt 12\\\n20457 Hamburg\n\n[billing@nordlicht.example](mailto:billing@nordlicht.example)",
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

fn refused(error: impl std::fmt::Display) -> Fault {
    Fault::new(format!("the demo's shop: {error}"))
}

/// Opens the shop.
pub(super) async fn open(cx: &Cx, shelf: &[Shelved]) -> Result<(), Fault> {
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
        review_products: shelf.get(DEDICATED).map(|machine| machine.id).into_iter().collect(),
        alert_from_minor: BTreeMap::from([("EUR".to_owned(), 50_000)]),
        alert_email: "sales@nordlicht.example".into(),
        ..OrderSettings::default()
    };
    save_settings(cx, settings).await.map_err(refused)
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
