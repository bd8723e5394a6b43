//! Several things bought at once: one order, one invoice.
//!
//! [`preview`] and [`buy`] come from the same function as every other invoice, so that cart, checkout, order and invoice
//! cannot differ. A visitor who is nobody's customer yet sees the figures for the country they name.
//!
//! A code counts one use per basket. What it takes as a share, a price or a set-up fee applies to everything in the
//! basket that it is good for; a fixed amount comes off once, from the first thing it is good for.

use bursar_catalog::{
    Buyer, CouponBuyer, CouponError, CouponGrant, CouponRefused, GrantKind, PricedSelection, Selection,
};
use bursar_customers::{BillingProfile, Grouping};
use bursar_db::Tx;
use bursar_fault::{Fault, Refusal as _};
use bursar_money::Currency;
use bursar_time::{Cycle, Date, Period};

use super::desk;
use super::order::{self, Order};
use super::subscribe::{self, Opening, OpeningQuote, Prepared};
use super::{Mode, Status};
use super::{stock, store};
use crate::error::BillError;
use crate::events::SubscriptionStarted;
use crate::invoices::issue::{self, Office};
use crate::invoices::line::{Line, Totals};
use crate::run::plan::{InvoicePlan, Plan};

/// Most things in one basket.
pub const MOST_ITEMS: usize = 50;

/// Who is to pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purchaser {
    /// A customer: their currency, tax, group and history.
    Customer(i64),
    /// Nobody we know yet.
    Visitor {
        /// The currency they look at.
        currency: Currency,
        /// Place of taxation, ISO code.
        country: String,
        /// Place of taxation within the country.
        state: String,
    },
}

/// One thing in a basket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BasketItem {
    /// From the catalogue.
    Selected {
        /// What was picked.
        selection: Selection,
        /// As shown; `None` for the product's name.
        label: Option<String>,
    },
    /// Priced by a module that knows what it is. Coupons do not apply to it.
    Ready(Box<Opening>),
}

/// When what was bought begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begin {
    /// At once.
    Now,
    /// When it is [released](super::release::release). It is invoiced now and not billed further until then.
    OnRelease,
}

/// What somebody buys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basket {
    /// Who pays.
    pub purchaser: Purchaser,
    /// What, in order.
    pub items: Vec<BasketItem>,
    /// Coupon codes as typed.
    pub coupons: Vec<String>,
    /// When it begins.
    pub begin: Begin,
    /// How it is paid by default; empty when nobody has chosen.
    pub gateway: String,
    /// `order` or `staff`.
    pub source: &'static str,
    /// Staff may sell what is not in the shop any more.
    pub buyer: Buyer,
}

/// What one thing asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemQuote {
    /// The product's name, or what it is called.
    pub label: String,
    /// How often it comes back.
    pub cycle: Cycle,
    /// What is owed for it now.
    pub lines: Vec<Line>,
    /// Their sums.
    pub totals: Totals,
    /// The trial's last day, exclusive.
    pub trial_ends_on: Option<Date>,
    /// The period that is billed next.
    pub next: Option<Period>,
    /// The sums of that bill.
    pub renewal: Option<Totals>,
}

/// What became of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CouponStanding {
    /// As typed, in capitals.
    pub code: String,
    /// Why it takes nothing off; `None` when it counts.
    pub refused: Option<String>,
}

/// What a basket asks for.
#[derive(Debug)]
pub struct BasketQuote {
    /// Currency of every figure.
    pub currency: Currency,
    /// Each thing, in order: what it asks for, or why it cannot be bought as it is.
    pub items: Vec<Result<ItemQuote, BillError>>,
    /// The lines of the invoice.
    pub lines: Vec<Line>,
    /// Its sums.
    pub totals: Totals,
    /// Why there is no tax: a code of [`crate::taxes::TaxNote`].
    pub tax_note: Option<&'static str>,
    /// When it is due; none when nothing is owed now.
    pub due_on: Option<Date>,
    /// What became of each code.
    pub coupons: Vec<CouponStanding>,
}

impl BasketQuote {
    /// Whether everything in it can be bought.
    pub fn is_whole(&self) -> bool {
        !self.items.is_empty() && self.items.iter().all(Result::is_ok)
    }
}

/// What was bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bought {
    /// One subscription per thing, in order.
    pub subscriptions: Vec<i64>,
    /// The invoice, when something is owed.
    pub invoice_id: Option<i64>,
    /// Its sums.
    pub totals: Totals,
    /// Each thing as it was shown.
    pub items: Vec<ItemQuote>,
    /// The codes that were used: coupon and subscription it counts for.
    pub redeemed: Vec<(i64, i64)>,
}

/// What a basket asks for; writes nothing. A thing that cannot be bought does not hide the others.
///
/// # Errors
/// [`BillError::NoSeller`], or an unknown customer.
pub async fn preview(tx: &mut Tx, basket: &Basket) -> Result<BasketQuote, BillError> {
    let (office, profile) = (Office::load(tx).await?, profile(tx, &basket.purchaser).await?);
    let opened = openings(tx, basket, &profile).await?;
    let (today, zone) = (tx.today(), tx.zone().clone());
    // Rows that are never written need ids that no row has.
    let mut last = 0;
    let mut ids = || {
        last -= 1;
        Ok(last)
    };
    let (mut items, mut invoices) = (Vec::with_capacity(basket.items.len()), Vec::new());
    for opening in opened.items {
        let quoted = match opening {
            Ok(opening) => match subscribe::prepare(&opening, &office, &profile, &zone, today, &mut ids) {
                Ok(prepared) => {
                    let planned = prepared.plan.invoices.clone();
                    let label = prepared.row.core.label.clone();
                    let quote = subscribe::quote(prepared, &office, &zone);
                    quote.map(|quote| (planned, item_quote(label, opening.cycle, quote)))
                }
                Err(refused) => Err(refused),
            },
            Err(refused) => Err(refused),
        };
        items.push(quoted.map(|(planned, quote)| {
            invoices.extend(planned);
            quote
        }));
    }
    let invoice = subscribe::merged(invoices, Vec::new(), &profile, &office, today)?.pop();
    Ok(BasketQuote {
        currency: profile.currency,
        items,
        totals: invoice.as_ref().map_or(Totals::default(), |i| i.totals),
        tax_note: office.rates(&profile).note.map(crate::taxes::TaxNote::code),
        due_on: invoice.as_ref().map(|i| i.due_on),
        lines: invoice.map(|i| i.lines).unwrap_or_default(),
        coupons: opened.codes.into_iter().map(Code::standing).collect(),
    })
}

/// Buys everything or nothing: takes stock, uses up codes, makes the subscriptions and their one invoice, in the caller's
/// transaction.
///
/// # Errors
/// [`BillError::Invalid`] or [`BillError::Refused`] for the first thing or code that cannot be had.
pub async fn buy(tx: &mut Tx, basket: &Basket) -> Result<Bought, BillError> {
    let Purchaser::Customer(customer_id) = basket.purchaser else {
        return Err(BillError::refused("Sign in or make an account before you order."));
    };
    if basket.items.is_empty() || basket.items.len() > MOST_ITEMS {
        return Err(BillError::field("items", format!("Order between 1 and {MOST_ITEMS} things at once.")));
    }
    let (office, profile) = (Office::load(tx).await?, profile(tx, &basket.purchaser).await?);
    let opened = openings(tx, basket, &profile).await?;
    if let Some(refused) = opened.codes.iter().find_map(|code| code.refused.clone()) {
        return Err(BillError::field("coupon", refused));
    }
    let (today, zone) = (tx.today(), tx.zone().clone());
    let mut prepared = Vec::with_capacity(basket.items.len());
    let mut products = Vec::with_capacity(basket.items.len());
    let mut items = Vec::with_capacity(basket.items.len());
    for opening in opened.items {
        let opening = opening?;
        let one = subscribe::prepare(&opening, &office, &profile, &zone, today, &mut || tx.new_raw_id())?;
        let shown = subscribe::quote(one.clone(), &office, &zone)?;
        items.push(item_quote(one.row.core.label.clone(), opening.cycle, shown));
        products.push(opening.product_id);
        prepared.push(one);
    }
    let pieces = take_stock(tx, basket).await?;
    let subscriptions: Vec<i64> = prepared.iter().map(|one| one.row.core.id).collect();
    let plan = write_rows(tx, prepared, basket.begin, |planned| {
        subscribe::merged(planned, Vec::new(), &profile, &office, today)
    })
    .await?;
    for (id, pieces) in subscriptions.iter().zip(pieces) {
        stock::hold(tx, *id, pieces).await?;
    }
    let totals = plan.invoices.first().map_or(Totals::default(), |invoice| invoice.totals);
    let invoices = desk::write(tx, &office, &plan, today).await?;
    let started: Vec<SubscriptionStarted> = subscriptions
        .iter()
        .zip(products)
        .map(|(id, product_id)| SubscriptionStarted { subscription_id: *id, customer_id, product_id })
        .collect();
    bursar_events::emit_all(tx, &started).await?;
    let redeemed = redeem(tx, customer_id, &opened.codes, &subscriptions).await?;
    Ok(Bought { subscriptions, invoice_id: invoices.first().copied(), totals, items, redeemed })
}

/// The rows of every subscription, and one plan for all of them.
async fn write_rows(
    tx: &mut Tx,
    prepared: Vec<Prepared>,
    begin: Begin,
    merge: impl FnOnce(Vec<InvoicePlan>) -> Result<Vec<InvoicePlan>, BillError>,
) -> Result<Plan, BillError> {
    let mut all = Plan::default();
    for mut one in prepared {
        if begin == Begin::OnRelease {
            hold(&mut one);
        }
        store::insert_subscriptions(tx, &[one.row]).await?;
        store::insert_items(tx, &one.items).await?;
        store::insert_discounts(tx, &one.discounts).await?;
        all.invoices.extend(one.plan.invoices);
        all.advances.extend(one.plan.advances);
        all.setups.extend(one.plan.setups);
        all.discounts.extend(one.plan.discounts);
    }
    all.invoices = merge(std::mem::take(&mut all.invoices))?;
    Ok(all)
}

/// Nothing is billed after the first invoice until somebody releases it.
fn hold(one: &mut Prepared) {
    if one.row.core.status.is_billed() {
        one.row.core.status = Status::Pending;
        one.row.core.next_bill_on = None;
    }
    for advance in one.plan.advances.iter_mut().filter(|advance| advance.status.is_billed()) {
        advance.status = Status::Pending;
        advance.next_bill_on = None;
    }
}

fn item_quote(label: String, cycle: Cycle, quote: OpeningQuote) -> ItemQuote {
    ItemQuote {
        label,
        cycle,
        lines: quote.lines,
        totals: quote.totals,
        trial_ends_on: quote.trial_ends_on,
        next: quote.next,
        renewal: quote.renewal,
    }
}

async fn profile(tx: &mut Tx, purchaser: &Purchaser) -> Result<BillingProfile, BillError> {
    match purchaser {
        Purchaser::Customer(id) => issue::profile(tx, *id).await,
        Purchaser::Visitor { currency, country, state } => Ok(BillingProfile {
            customer: 0,
            currency: *currency,
            country: country.clone(),
            state: state.clone(),
            tax_exempt: false,
            tax_id_valid: false,
            grouping: Grouping::Daily,
            group_discount_ppm: 0,
            snapshot_id: 0,
            auto_apply_credit: false,
            late_fee_exempt: false,
            dunning_exempt: false,
            active: true,
            default_gateway: String::new(),
        }),
    }
}

/// A code and what it is good for.
struct Code {
    code: String,
    grant: Option<CouponGrant>,
    refused: Option<String>,
    /// Indexes of the things it is used on.
    items: Vec<usize>,
}

impl Code {
    fn standing(self) -> CouponStanding {
        CouponStanding { code: self.code, refused: self.refused }
    }
}

struct Openings {
    items: Vec<Result<Opening, BillError>>,
    codes: Vec<Code>,
}

async fn openings(tx: &mut Tx, basket: &Basket, profile: &BillingProfile) -> Result<Openings, BillError> {
    let mut priced = Vec::with_capacity(basket.items.len());
    for item in &basket.items {
        priced.push(match item {
            BasketItem::Selected { selection, .. } => {
                match order::priced(tx, selection, basket.buyer).await {
                    Err(BillError::Fault(fault)) => return Err(fault.into()),
                    other => other.map(Some),
                }
            }
            BasketItem::Ready(_) => Ok(None),
        });
    }
    let codes = codes(tx, basket, profile.customer, &priced).await?;
    let today = tx.today();
    let mut items = Vec::with_capacity(priced.len());
    for (at, (item, priced)) in basket.items.iter().zip(priced).enumerate() {
        items.push(priced.map(|priced| match (item, priced) {
            (BasketItem::Selected { selection, label }, Some(priced)) => {
                let used = codes.iter().filter(|code| code.refused.is_none() && code.items.contains(&at));
                let mut grants: Vec<CouponGrant> = used.filter_map(|code| code.grant.clone()).collect();
                // The order in which the catalogue takes several of one kind off.
                grants.sort_by_key(|grant| grant.coupon_id);
                let order = plain_order(basket, profile.customer, selection, label.clone(), today);
                order::opening_of(&order, &priced, &grants)
            }
            (BasketItem::Ready(opening), _) => Opening {
                customer_id: profile.customer,
                gateway: basket.gateway.clone(),
                source: basket.source,
                start_on: today,
                ..(**opening).clone()
            },
            (BasketItem::Selected { .. }, None) => unreachable!("a selection was priced above"),
        }));
    }
    Ok(Openings { items, codes })
}

fn plain_order(
    basket: &Basket,
    customer_id: i64,
    selection: &Selection,
    label: Option<String>,
    today: Date,
) -> Order {
    Order {
        customer_id,
        selection: selection.clone(),
        coupons: Vec::new(),
        start_on: today,
        billing_day: None,
        mode: None::<Mode>,
        lead_days: None,
        trial_days: None,
        label,
        gateway: basket.gateway.clone(),
        source: basket.source,
        buyer: basket.buyer,
    }
}

/// What each code is good for. Whoever buys for the first time does so with the whole basket.
async fn codes(
    tx: &mut Tx,
    basket: &Basket,
    customer: i64,
    priced: &[Result<Option<PricedSelection>, BillError>],
) -> Result<Vec<Code>, BillError> {
    if basket.coupons.is_empty() {
        return Ok(Vec::new());
    }
    let known = matches!(basket.purchaser, Purchaser::Customer(_)).then_some(customer);
    let has_bought = match known {
        None => false,
        Some(customer) => order::has_bought(tx, customer).await?,
    };
    let buyer = CouponBuyer { customer: known, has_bought };
    let mut codes: Vec<Code> = Vec::with_capacity(basket.coupons.len());
    for typed in &basket.coupons {
        let mut code = one_code(tx, typed, buyer, priced).await?;
        let mut together: Vec<CouponGrant> = codes.iter().filter_map(|other| other.grant.clone()).collect();
        together.extend(code.grant.clone());
        if code.grant.is_some()
            && let Err(refused) = bursar_catalog::check_stacking(&together)
        {
            (code.grant, code.refused) = (None, Some(words(refused)));
        }
        codes.push(code);
    }
    Ok(codes)
}

async fn one_code(
    tx: &mut Tx,
    typed: &str,
    buyer: CouponBuyer,
    priced: &[Result<Option<PricedSelection>, BillError>],
) -> Result<Code, BillError> {
    let mut code = Code { code: typed.trim().to_uppercase(), grant: None, refused: None, items: Vec::new() };
    let things = priced.iter().enumerate().filter_map(|(at, one)| Some((at, one.as_ref().ok()?.as_ref()?)));
    for (at, selection) in things {
        match bursar_catalog::check_coupon(tx, typed, buyer, selection).await {
            Ok(grant) => {
                let once = matches!(grant.kind, GrantKind::Fixed(_));
                code.items.push(at);
                code.grant = Some(grant);
                if once {
                    break;
                }
            }
            Err(CouponError::Fault(fault)) => return Err(fault.into()),
            Err(CouponError::Refused(refused)) => {
                code.refused.get_or_insert_with(|| words(refused));
            }
        }
    }
    if code.grant.is_some() {
        code.refused = None;
    } else {
        code.refused.get_or_insert_with(|| words(CouponRefused::OtherProducts));
    }
    Ok(code)
}

fn words(refused: CouponRefused) -> String {
    CouponError::Refused(refused).message()
}

/// Pieces that each thing took from limited stock.
async fn take_stock(tx: &mut Tx, basket: &Basket) -> Result<Vec<i64>, BillError> {
    let mut pieces = Vec::with_capacity(basket.items.len());
    for item in &basket.items {
        pieces.push(match item {
            BasketItem::Selected { selection, .. } => {
                stock::take(tx, selection.product, selection.quantity).await?
            }
            BasketItem::Ready(_) => 0,
        });
    }
    Ok(pieces)
}

/// Counts each code once, for the first subscription it is used on.
async fn redeem(
    tx: &mut Tx,
    customer: i64,
    codes: &[Code],
    subscriptions: &[i64],
) -> Result<Vec<(i64, i64)>, BillError> {
    let mut redeemed = Vec::new();
    for code in codes {
        let (Some(grant), Some(first)) = (&code.grant, code.items.first()) else { continue };
        let subscription =
            *subscriptions.get(*first).ok_or_else(|| Fault::new("a code without its thing"))?;
        let used = bursar_catalog::redeem_coupon(tx, grant.coupon_id, customer, subscription);
        used.await.map_err(order::refused_coupon)?;
        redeemed.push((grant.coupon_id, subscription));
    }
    Ok(redeemed)
}
