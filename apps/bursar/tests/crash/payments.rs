//! Payments, while the process that takes them is killed again and again. The vendor's memory is a file of its own, as a
//! vendor is outside: what it took stays taken, whatever we remember.

use std::collections::BTreeMap;
use std::process::Child;
use std::time::Duration;

use bursar::config::Config;
use bursar::office::Office;
use bursar_billing::invoices::InvoiceState;
use bursar_billing::invoices::list::{InvoiceFilter, list_invoices};
use bursar_billing::nightly::night;
use bursar_billing::run::RunOptions;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_events::Dispatcher;
use bursar_fault::Fault;
use bursar_gateway::MethodToken;
use bursar_gateway_sandbox::{ChargeStatus, cards};
use bursar_ids::Rng;
use bursar_jobs::Runner;
use bursar_ledger::Account;
use bursar_money::Currency;
use bursar_payments::{Keep, PaymentFilter, PaymentState};
use bursar_time::{Clock as _, Instant};

use super::office::{self, config, config_of_child, open, remember, run};
use super::{Place, kill_after, kills, month_end};

/// Set for the process that is to be killed: the month it lives through.
const MONTH: &str = "BURSAR_TEST_MONTH";
/// Subscriptions of each customer, by the seed of the benchmarks.
const PER_CUSTOMER: i64 = 4;
const FIRST_CUSTOMER: i64 = 10_000_000;
/// One customer each; the last three never pay.
const CARDS: &[&str] = &[
    cards::VISA,
    cards::MASTERCARD,
    cards::WEBHOOK_TWICE,
    cards::WEBHOOK_LATE,
    cards::WEBHOOK_NEVER,
    cards::WEBHOOK_FORGED,
    cards::LOSE_AFTER,
    cards::LOSE_BEFORE,
    cards::PENDING,
    "tok_decline:insufficient_funds",
    cards::AUTHENTICATE,
    cards::PENDING_DECLINED,
];
const NEVER_PAY: i64 = 3;
const CONNECTIONS: usize = 2;

fn small_hours(month: u32) -> Instant {
    Instant::parse(&format!("{}T03:00:00Z", month_end(month))).expect("an instant")
}

/// Customers with their cards, and subscriptions that fall due at the end of every month.
async fn found(config: &Config) -> Result<(), Fault> {
    let (office, _) = open(config, Instant::parse("2026-01-01T00:00:00Z").expect("an instant"), 0).await?;
    let cx = office.system("storm");
    let customers = i64::try_from(CARDS.len()).expect("a few");
    let due = jiff::civil::date(2026, 1, 31);
    bursar_bench::seed::business(&cx, customers * PER_CUSTOMER, due).await?;
    for (customer, card) in (FIRST_CUSTOMER..).zip(CARDS) {
        let (gateways, token) = (&office.drivers.gateways, MethodToken::new(*card));
        bursar_payments::store_method(&cx, gateways, customer, "sandbox", token, Keep::ForLater)
            .await
            .map_err(|e| Fault::new(format!("the card {card}: {e}")))?;
    }
    Ok(())
}

/// The night at the end of a month, and the three days after it: charges, webhooks twice each and some a day late,
/// questions about what had no news. Goes on where an earlier process was killed.
async fn live(config: &Config, month: u32) -> Result<(), Fault> {
    let (start, end) = (small_hours(month), small_hours(month).plus_days(3));
    // Ten minutes later the leases and calls of the one that was killed have run out.
    let (office, clock) = open(config, start, 600).await?;
    let cx = office.system("storm");
    let as_of = start.to_date(cx.zone());
    night(&cx, RunOptions::for_date(as_of)).await.map_err(|e| Fault::new(e.to_string()))?;
    loop {
        deliver_twice(&cx, &office).await?;
        office.app.drain(&cx).await?;
        let queue = office.app.next_at(&cx).await?;
        let next = queue.into_iter().chain(office.drivers.sandbox.next_due()).min();
        let Some(next) = next.filter(|next| *next < end) else { return Ok(()) };
        clock.set(next.max(clock.now().plus_seconds(1)));
        remember(&config.data, clock.now());
    }
}

async fn deliver_twice(cx: &Cx, office: &Office) -> Result<(), Fault> {
    for request in office.drivers.sandbox.take_webhooks(cx.now()) {
        for again in [request.clone(), request] {
            bursar_payments::receive_webhook(cx, &office.drivers.gateways, "sandbox", again).await?;
        }
    }
    Ok(())
}

/// What the vendor took is what we booked, once; every invoice is paid or belongs to somebody who never pays.
async fn audit(config: &Config, months: u32) -> Result<(), Fault> {
    let (office, _) = open(config, small_hours(months).plus_days(3), 0).await?;
    let cx = office.system("audit");
    let payments = cx
        .read(async |tx: &mut Tx| bursar_payments::list(tx, &PaymentFilter::default(), None, 100_000).await)
        .await?;
    assert!(payments.iter().all(|payment| payment.state.is_final()), "nothing is left half done");
    let booked: BTreeMap<String, i64> = payments
        .iter()
        .filter(|payment| payment.state == PaymentState::Captured)
        .map(|payment| (payment.key.clone(), payment.amount.minor()))
        .collect();
    let charges = office.drivers.sandbox.charges();
    assert!(charges.iter().all(|charge| charge.captures <= 1), "nothing is charged twice at the vendor");
    let (mut taken, mut cash, mut fees) = (BTreeMap::new(), 0, 0);
    for charge in &charges {
        if let ChargeStatus::Captured { fee_minor, .. } = charge.status {
            taken.insert(charge.key.clone(), charge.amount_minor);
            cash += charge.amount_minor - fee_minor;
            fees += fee_minor;
        }
    }
    assert_eq!(booked, taken, "booked by us, taken by the vendor");
    let sandbox = || "sandbox".to_owned();
    for (account, minor) in [
        (Account::Cash(sandbox()), cash),
        (Account::Fees(sandbox()), fees),
        (Account::UnappliedPayments, 0),
        (Account::CustomerCredit, 0),
    ] {
        let name = account.to_string();
        let found = cx
            .read(async move |tx: &mut Tx| bursar_ledger::balance(tx, &account, Currency::EUR).await)
            .await?;
        assert_eq!(found.minor(), minor, "{name}");
    }
    let count = async |state| {
        let filter = InvoiceFilter { state: Some(state), ..InvoiceFilter::default() };
        let found = cx.read(async move |tx: &mut Tx| list_invoices(tx, &filter, None, 100_000).await).await?;
        Ok::<_, Fault>(i64::try_from(found.len()).expect("a few thousand"))
    };
    let payers = i64::try_from(CARDS.len()).expect("a few") - NEVER_PAY;
    let months = i64::from(months);
    assert_eq!(
        count(InvoiceState::Paid).await?,
        payers * PER_CUSTOMER * months,
        "nothing that was paid is lost"
    );
    assert_eq!(count(InvoiceState::Open).await?, NEVER_PAY * PER_CUSTOMER * months);
    assert!(Runner::dead(&cx, 10).await?.is_empty() && Dispatcher::parked(&cx, 10).await?.is_empty());
    Ok(())
}

/// A process that lives through a month.
fn spawn(place: &Place, month: u32) -> Child {
    office::spawn(place, "payments::a_month_of_payments_settles", (MONTH, &month.to_string()))
}

/// How much the vendor has written down: it grows with every charge and webhook.
fn vendors_memory(place: &Place) -> u64 {
    std::fs::metadata(place.data.path().join("sandbox-gateway.json")).map_or(0, |file| file.len())
}

fn killed_months(place: &Place, seed_of_moments: u64) {
    let config = config(place.data.path(), &place.database, CONNECTIONS);
    run(found(&config));
    let mut rng = Rng::from_seed(seed_of_moments);
    let (mut killed, mut month, mut in_the_middle) = (0, 0_u32, 0);
    // Follows the speed of the machine, so that most kills fall into the work.
    let mut window = 1_000_u64;
    while killed < kills() {
        month += 1;
        loop {
            let wait = Duration::from_millis(50 + rng.below(window));
            // Past the last kill the month is left alone to its end.
            let wait = if killed < kills() { wait } else { Duration::MAX };
            let known = vendors_memory(place);
            if kill_after(spawn(place, month), wait) {
                killed += 1;
                in_the_middle += u32::from(vendors_memory(place) > known);
                window += window / 20;
            } else {
                window -= window / 4;
                window = window.max(200);
                break;
            }
        }
        assert!(month < 400, "the moments of the kills never hit a month's work");
    }
    assert!(in_the_middle * 4 >= killed, "only {in_the_middle} of {killed} kills fell between two charges");
    run(audit(&config, month));
    let report = place.json(&["verify"]);
    assert_eq!(report["ok"], true, "{report:#}");
}

/// Without a kill; and, when the storms below start it, the process that they kill.
#[test]
fn a_month_of_payments_settles() {
    if let Ok(month) = std::env::var(MONTH) {
        return run(live(&config_of_child(CONNECTIONS), month.parse().expect("a month")));
    }
    let place = Place::on_sqlite();
    let config = config(place.data.path(), &place.database, CONNECTIONS);
    run(async {
        found(&config).await?;
        live(&config, 1).await?;
        live(&config, 1).await?;
        audit(&config, 1).await
    });
}

#[test]
fn payments_killed_at_random_moments_are_taken_once_and_none_is_lost_on_sqlite() {
    killed_months(&Place::on_sqlite(), 3);
}

#[test]
fn payments_killed_at_random_moments_are_taken_once_and_none_is_lost_on_postgres() {
    killed_months(&Place::on_postgres(), 4);
}
