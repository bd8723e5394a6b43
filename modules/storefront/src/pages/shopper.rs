//! Who shops: the cart's cookie, the customer somebody is signed in for, the currency they look at.

use axum::Extension;
use axum::body::Body;
use axum::http::{HeaderMap, Response};
use bursar_context::Cx;
use bursar_money::Currency;
use bursar_ordering::OrderError;
use bursar_ordering::carts::change::{Changed, set_currency as choose_currency};
use bursar_ordering::carts::{KEPT_DAYS, Shopper};
use bursar_web::{CookieName, Flash, Form, LocalPath, PageResult, Problem, Surface, Visit};

const CART_COOKIE: CookieName = CookieName::new("cart");
const CURRENCY_COOKIE: CookieName = CookieName::new("currency");
const SECONDS_A_DAY: u32 = 86_400;

/// The visitor with the cart of their browser and the customer they act for. Staff shop as strangers.
pub(super) fn of(visit: &Visit, headers: &HeaderMap) -> Shopper {
    let token = CART_COOKIE.read(visit.transport(), headers).filter(|token| token.len() >= 32);
    let customer = visit.who().filter(|who| who.surface() == Surface::Customer);
    Shopper { token, customer_id: customer.and_then(|who| who.customer_ids().first().copied()) }
}

/// The currency a stranger chose before they had a cart.
pub(super) fn chosen_currency(visit: &Visit, headers: &HeaderMap) -> Option<Currency> {
    let code = CURRENCY_COOKIE.read(visit.transport(), headers)?;
    Currency::parse(&code).ok()
}

/// Gives the browser the token of a cart that was made for it.
pub(super) fn keep_cart(visit: &Visit, response: &mut Response<Body>, changed: &Changed) {
    if let Some(token) = &changed.token {
        let days = u32::try_from(KEPT_DAYS).unwrap_or(30);
        visit.store_cookie(response, CART_COOKIE, token, Some(days * SECONDS_A_DAY));
    }
}

/// Shows everything in another currency.
pub(super) async fn set_currency(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    headers: HeaderMap,
    form: Form,
) -> PageResult {
    let back = LocalPath::parse_or(Some(form.text("return_to")), "/shop");
    let currency = Currency::parse(form.text("currency")).map_err(|_| Problem::not_found())?;
    match choose_currency(&cx, of(&visit, &headers), currency).await {
        Ok(_) => {
            let mut response = visit.redirect(back)?;
            visit.store_cookie(&mut response, CURRENCY_COOKIE, currency.code(), Some(365 * SECONDS_A_DAY));
            Ok(response)
        }
        Err(refused @ OrderError::Invalid(_)) => {
            visit.redirect_with(back, Flash::warning(visit.refusal(&refused)))
        }
        Err(error) => Err(error.into()),
    }
}
