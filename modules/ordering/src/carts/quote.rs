//! What a cart asks for: the figures of billing's own function, with the tax of whoever looks at it.

use bursar_billing::BillError;
use bursar_billing::invoices::line::{Line, Totals};
use bursar_billing::subscriptions::basket::{
    self, Basket, BasketItem, Begin, CouponStanding, ItemQuote, Purchaser,
};
use bursar_billing::taxes::TaxSettings;
use bursar_catalog::Buyer;
use bursar_context::settings;
use bursar_db::Tx;
use bursar_money::Currency;
use bursar_time::Date;

use super::{Cart, CartItem, Wish};
use crate::error::OrderError;
use crate::kinds::Kinds;

/// What a cart asks for.
#[derive(Debug)]
pub struct CartQuote {
    /// Currency of every figure.
    pub currency: Currency,
    /// Each thing in the cart's order: what it asks for, or why it cannot be bought as it is.
    pub items: Vec<Result<ItemQuote, OrderError>>,
    /// The lines of the invoice to come.
    pub lines: Vec<Line>,
    /// Its sums.
    pub totals: Totals,
    /// Why there is no tax, as a code.
    pub tax_note: Option<&'static str>,
    /// When it would be due.
    pub due_on: Option<Date>,
    /// What became of each code.
    pub coupons: Vec<CouponStanding>,
    /// Whose tax it shows: an ISO code, for a visitor.
    pub country: Option<String>,
}

impl CartQuote {
    /// Whether everything in it can be ordered.
    pub fn is_whole(&self) -> bool {
        !self.items.is_empty()
            && self.items.iter().all(Result::is_ok)
            && self.coupons.iter().all(|coupon| coupon.refused.is_none())
    }
}

/// What a cart asks for; writes nothing.
///
/// # Errors
/// When nothing can be sold at all: the seller is not set up.
pub async fn quote(tx: &mut Tx, kinds: &Kinds, cart: &Cart) -> Result<CartQuote, OrderError> {
    let purchaser = match cart.customer_id {
        Some(id) => Purchaser::Customer(id),
        None => Purchaser::Visitor {
            currency: cart.currency,
            country: country(tx, cart).await?,
            state: cart.state.clone(),
        },
    };
    let mut things = Vec::with_capacity(cart.items.len());
    for item in &cart.items {
        things.push(thing(tx, kinds, cart.currency, item).await);
    }
    let (mut good, mut stands) = (Vec::new(), Vec::with_capacity(things.len()));
    for thing in things {
        stands.push(match thing {
            Ok(thing) => {
                good.push(thing);
                Ok(())
            }
            Err(OrderError::Fault(fault)) => return Err(fault.into()),
            Err(refused) => Err(refused),
        });
    }
    let country = match &purchaser {
        Purchaser::Visitor { country, .. } => Some(country.clone()),
        Purchaser::Customer(_) => None,
    };
    let basket = basket_of(purchaser, good, cart.coupons.clone(), Buyer::Public, "order");
    let quoted = basket::preview(tx, &basket).await?;
    let mut quotes = quoted.items.into_iter();
    let missing = || Err(BillError::NotFound("item").into());
    let items = stands.into_iter().map(|stand| match stand {
        Ok(()) => quotes.next().map_or_else(missing, |quote| quote.map_err(OrderError::from)),
        Err(refused) => Err(refused),
    });
    Ok(CartQuote {
        currency: quoted.currency,
        items: items.collect(),
        lines: quoted.lines,
        totals: quoted.totals,
        tax_note: quoted.tax_note,
        due_on: quoted.due_on,
        coupons: quoted.coupons,
        country,
    })
}

/// One thing as billing takes it.
pub(crate) async fn thing(
    tx: &mut Tx,
    kinds: &Kinds,
    currency: Currency,
    item: &CartItem,
) -> Result<BasketItem, OrderError> {
    match &item.wish {
        Wish::Product(picked) => {
            Ok(BasketItem::Selected { selection: picked.selection(currency), label: None })
        }
        Wish::Other { code, payload } => {
            let opening = kinds.get(code)?.opening(tx, payload, currency).await?;
            Ok(BasketItem::Ready(Box::new(opening)))
        }
    }
}

/// Everything about an order that does not depend on what is in it.
pub(crate) fn basket_of(
    purchaser: Purchaser,
    items: Vec<BasketItem>,
    coupons: Vec<String>,
    buyer: Buyer,
    source: &'static str,
) -> Basket {
    Basket { purchaser, items, coupons, begin: Begin::OnRelease, gateway: String::new(), source, buyer }
}

/// A visitor who has not said where they are is taken to be at home.
async fn country(tx: &mut Tx, cart: &Cart) -> Result<String, OrderError> {
    if !cart.country.is_empty() {
        return Ok(cart.country.clone());
    }
    let taxes: TaxSettings = settings::get(tx, bursar_billing::taxes::store::SETTINGS_KEY).await?;
    Ok(taxes.home_country)
}
