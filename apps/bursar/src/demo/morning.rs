//! The demo's last morning: people order as in the shop. For some of it the money is still held: a machine is on its way,
//! there is no room yet, somebody has to go to the rack or to look at the order first. One was not accepted, and its money
//! was let go.

use std::collections::BTreeMap;
use std::sync::Arc;

use bursar_billing::settle::take_back::PaidBack;
use bursar_billing::settle::{PayRequest, pay_invoices};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_gateway::MethodToken;
use bursar_gateway_sandbox::{ID as SANDBOX, cards};
use bursar_ids::{Id, Rng};
use bursar_ordering::Kinds;
use bursar_ordering::carts::change::{Place, add_item};
use bursar_ordering::carts::{Picked, Shopper, Wish};
use bursar_ordering::orders::Agreement;
use bursar_ordering::orders::decide::{Ending, accept_order, reject_order};
use bursar_ordering::orders::place::{Checkout, place_order};
use bursar_payments::{Keep, run_charge};
use bursar_provisioning::Rooms;
use bursar_storefront::texts::TextName;
use bursar_time::{Cycle, Instant, ManualClock};

use super::catalog::{COLOCATION, DEDICATED, GRAPHICS, Shelved};
use super::people;
use crate::office::Office;

/// How long it is.
pub(super) const MINUTES: i64 = 90;
/// Invented people beyond those who came during the year.
const LATECOMERS: usize = 10_000;

/// What staff do with an order. Everybody is new this morning, so that every order that is paid for is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Waits,
    Accepted,
    Rejected,
}

/// Who orders: index of the product, cycle, the card it is paid with, and what becomes of it. They come at even distances,
/// the last of them now.
const ORDERS: &[(usize, Cycle, Option<&str>, Fate)] = &[
    (3, Cycle::Monthly, Some(cards::VISA), Fate::Accepted),
    (DEDICATED, Cycle::Annual, Some(cards::VISA), Fate::Waits),
    (1, Cycle::Quarterly, Some(cards::MASTERCARD), Fate::Waits),
    // The only place there is.
    (GRAPHICS, Cycle::Monthly, Some(cards::MASTERCARD), Fate::Accepted),
    (4, Cycle::Monthly, Some(cards::VISA), Fate::Accepted),
    (6, Cycle::Monthly, None, Fate::Waits),
    (0, Cycle::Annual, None, Fate::Waits),
    (COLOCATION, Cycle::Monthly, Some(cards::VISA), Fate::Accepted),
    (GRAPHICS, Cycle::Monthly, Some(cards::VISA), Fate::Accepted),
    (DEDICATED, Cycle::Monthly, Some(cards::MASTERCARD), Fate::Rejected),
    (2, Cycle::Monthly, Some(cards::VISA), Fate::Accepted),
];

fn refused(error: impl std::fmt::Display) -> Fault {
    Fault::new(format!("the demo's morning: {error}"))
}

/// Lets the first customers into the shop, until `now`. Gives how many orders were placed.
pub(super) async fn live(
    office: &Office,
    cx: &Cx,
    (clock, now): (&ManualClock, Instant),
    shelf: &[Shelved],
    seed: u64,
) -> Result<usize, Fault> {
    let mut rng = Rng::from_seed(seed.wrapping_add(1));
    let kinds = Kinds::default().delivered_by(Arc::new(Rooms::new(office.drivers.hosting.clone())));
    for (n, (product, cycle, card, fate)) in ORDERS.iter().enumerate() {
        clock.set(comes_at(now, n));
        // Machines take less time than the next customer: only the last one is still being made.
        office.app.drain(cx).await?;
        let product = shelf.get(*product).ok_or_else(|| Fault::new("the demo's shelf is short"))?.id;
        let options = options_of(cx, product).await?;
        let picked = Picked { product, cycle: *cycle, quantity: 1, options, addons: Vec::new() };
        let order = order(office, cx, &kinds, picked, (n, *card), &mut rng).await?;
        decide(cx, order, *fate).await?;
        office.app.drain(cx).await?;
    }
    Ok(ORDERS.len())
}

async fn decide(cx: &Cx, order: i64, fate: Fate) -> Result<(), Fault> {
    match fate {
        Fate::Waits => Ok(()),
        Fate::Accepted => accept_order(cx, order).await.map_err(refused),
        Fate::Rejected => {
            let reason = "We could not confirm your address.".to_owned();
            let ending = Ending { reason, paid: PaidBack::Gateway };
            reject_order(cx, order, ending).await.map(drop).map_err(refused)
        }
    }
}

/// When somebody comes.
fn comes_at(now: Instant, n: usize) -> Instant {
    let place = |n: usize| i64::try_from(n).expect("they are few");
    now.plus_minutes(MINUTES * place(n) / place(ORDERS.len() - 1) - MINUTES)
}

/// Somebody new orders as in the shop, and pays if they have a card.
async fn order(
    office: &Office,
    cx: &Cx,
    kinds: &Kinds,
    picked: Picked,
    (n, card): (usize, Option<&str>),
    rng: &mut Rng,
) -> Result<i64, Fault> {
    let new = people::invent(LATECOMERS + n, rng);
    let currency = new.currency;
    let customer = bursar_customers::create_customer(cx, new).await.map_err(refused)?.get();
    let shopper = Shopper { token: None, customer_id: Some(customer) };
    let place = Place { currency, country: String::new() };
    let wanted = (Wish::Product(picked), BTreeMap::new());
    add_item(cx, kinds.clone(), shopper.clone(), place, wanted).await.map_err(refused)?;
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
    let placed = place_order(cx, kinds.clone(), shopper, checkout).await.map_err(refused)?;
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
    office.app.drain(cx).await?;
    Ok(placed.order_id)
}

/// The first answer to whatever must be answered.
async fn options_of(cx: &Cx, product: i64) -> Result<Vec<(i64, i64, i64)>, Fault> {
    let options = cx
        .read(async move |tx: &mut Tx| bursar_catalog::options_of_product(tx, Id::new(product)).await)
        .await?;
    let asked = options.iter().filter(|option| option.must_be_chosen());
    Ok(asked.filter_map(|option| Some((option.id, option.values.first()?.id, 1))).collect())
}
