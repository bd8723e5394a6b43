//! A believable business, made by letting the real engine live through a year: customers arrive, subscribe, are billed
//! by the nightly run, pay by card or by transfer, pay late or not at all. Nothing is inserted behind its back.

mod catalog;
mod machines;
mod morning;
mod neighbours;
mod people;
mod shop;
mod year;

use std::sync::Arc;

use bursar_billing::sellers::Seller;
use bursar_billing::settings::BillingSettings;
use bursar_billing::taxes::{self, TaxRule, TaxSettings};
use bursar_billing::{sellers, settings as billing_settings};
use bursar_context::{Cx, settings};
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_identity::{NewStaff, Policy, add_owner, put_policy};
use bursar_ids::Rng;
use bursar_messaging::{SENDER_KEY, SenderSettings};
use bursar_money::Ppm;
use bursar_time::{Instant, ManualClock};
use serde::Serialize;

use crate::config::Config;
use crate::office::{Office, PROFILE_KEY, Profile};

/// How much of a business it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Customers.
    pub customers: usize,
    /// Subscriptions; at least as many as customers, because everybody has one.
    pub subscriptions: usize,
    /// Days lived through.
    pub days: i64,
}

impl Extent {
    /// What `bursar demo` shows.
    pub const FULL: Self = Self { customers: 300, subscriptions: 500, days: 365 };
    /// Enough that every page has something to show, for tests that build one in seconds.
    pub const SMALL: Self = Self { customers: 40, subscriptions: 60, days: 100 };
}

/// What decides how a business turns out.
#[derive(Debug, Clone, Copy)]
pub struct Script {
    /// Seed of everything random.
    pub seed: u64,
    /// How much of it.
    pub extent: Extent,
    /// When its last day is.
    pub now: Instant,
}

const ZONE: &str = "Europe/Berlin";
/// Who may do everything in the demo. Known to everybody, so it exists in demonstrations only.
pub const OWNER: &str = "owner@demo.example";
/// See [`OWNER`].
pub const OWNER_PASSWORD: &str = "correct-horse-demo";

/// What was built.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Built {
    /// Customers.
    pub customers: usize,
    /// Subscriptions opened.
    pub subscriptions: usize,
    /// Invoices issued.
    pub invoices: u64,
    /// Payments that arrived.
    pub payments: u64,
    /// Orders of the last morning.
    pub orders: usize,
}

/// Whether there is a business already.
pub async fn is_built(office: &Office) -> Result<bool, Fault> {
    let cx = office.system("demo");
    Ok(cx.read(async |tx: &mut Tx| sellers::current(tx).await).await?.is_some())
}

/// Builds the business. `told` hears of every day that passed.
pub async fn build(config: &Config, script: Script, told: impl FnMut(u64, u64)) -> Result<Built, Fault> {
    let Script { seed, extent, now } = script;
    let start = now.plus_days(-extent.days);
    let clock = ManualClock::at(start);
    set_zone(config, &clock, seed).await?;
    // Opened again: the zone is read when an installation opens.
    let office = Office::open_hasty(config, Arc::new(clock.clone()), Rng::from_seed(seed)).await?;
    let cx = office.system("demo");
    found(&cx).await?;
    name_sender(&cx).await?;
    let shelf = catalog::fill(&cx).await?;
    let owner = NewStaff { name: "Demo Owner".into(), email: OWNER.into(), password: OWNER_PASSWORD.into() };
    add_owner(&cx, owner).await.map_err(|e| Fault::new(format!("the demo's owner: {e}")))?;
    // Before anybody comes: what is sold is made.
    machines::furnish(&cx, &office.drivers.hosting, &shelf).await?;
    let plan =
        year::Plan { start, end: now.plus_minutes(-morning::MINUTES), extent, shelf: shelf.clone(), seed };
    let mut built = year::live(&office, &cx, &clock, plan, told).await?;
    shop::open(&cx, &shelf).await?;
    built.orders = morning::live(&office, &cx, (&clock, now), &shelf, seed).await?;
    neighbours::connect(&cx, &office.vault).await?;
    Ok(built)
}

async fn set_zone(config: &Config, clock: &ManualClock, seed: u64) -> Result<(), Fault> {
    let office = Office::open_hasty(config, Arc::new(clock.clone()), Rng::from_seed(seed)).await?;
    let profile = Profile { zone: ZONE.to_owned() };
    office.system("demo").write(async move |tx: &mut Tx| settings::set(tx, PROFILE_KEY, &profile).await).await
}

/// Seller, numbering and tax.
async fn found(cx: &Cx) -> Result<(), Fault> {
    cx.write(async |tx: &mut Tx| {
        let seller = Seller {
            name: "Nordlicht Hosting GmbH".into(),
            address: vec!["Speicherstadt 12".into(), "20457 Hamburg".into()],
            country: "DE".into(),
            tax_id: "DE136695976".into(),
            registration: "Amtsgericht Hamburg HRB 000000".into(),
            email: "billing@nordlicht.example".into(),
            website: "nordlicht.example".into(),
        };
        sellers::set(tx, &seller).await?;
        let billing = BillingSettings {
            payment_instructions:
                "IBAN DE02 1203 0000 0000 2020 51\nBIC BYLADEM1001\nPlease quote the invoice number.".into(),
            ..BillingSettings::default()
        };
        settings::set(tx, billing_settings::KEY, &billing).await?;
        // Everybody knows the demo's password, so a second factor would guard nothing; and its owner could not come in
        // without a phone.
        put_policy(tx, &Policy { staff_second_factor: false, ..Policy::default() }).await?;
        let tax = TaxSettings { home_country: "DE".into(), ..TaxSettings::default() };
        settings::set(tx, taxes::store::SETTINGS_KEY, &tax).await?;
        let rules = [
            ("DE", "MwSt.", 190_000),
            ("FR", "TVA", 200_000),
            ("ES", "IVA", 210_000),
            ("GB", "VAT", 200_000),
        ];
        for (id, (country, name, ppm)) in (1..).zip(rules) {
            let rule = TaxRule {
                id,
                level: 1,
                name: name.into(),
                country: country.into(),
                state: String::new(),
                rate: Ppm::new(ppm),
            };
            taxes::store::insert(tx, &rule).await?;
        }
        Ok::<_, Fault>(())
    })
    .await
}

/// Whose name stands on mails. Without a server they are written and kept in the outbox.
async fn name_sender(cx: &Cx) -> Result<(), Fault> {
    let sender = SenderSettings {
        from_name: "Nordlicht Hosting".into(),
        from_email: "billing@nordlicht.example".into(),
        footer: "Nordlicht Hosting GmbH, Speicherstadt 12, 20457 Hamburg".into(),
        ..SenderSettings::default()
    };
    cx.write(async move |tx: &mut Tx| settings::set(tx, SENDER_KEY, &sender).await).await
}

/// The instant a simulated day's nightly work is done, two hours into it.
fn night(start: Instant, day: i64) -> Instant {
    start.plus_days(day).plus_seconds(2 * 3_600)
}
