//! The ways in which a customer can pay here: methods kept for them, and the gateways' own forms, which only the
//! application knows.

use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{ErrorKind, Refusal as _, Text};
use bursar_gateway::{Gateway, MethodToken};
use bursar_gateway_sandbox::{ID as SANDBOX, cards};
use bursar_money::Currency;
use bursar_payments::{Keep, list_methods, store_method};
use bursar_web::{Form, PageResult, Visit};
use serde_json::{Value, json};

use super::desk::Desk;

/// A way that was chosen.
pub(super) struct Way {
    pub(super) gateway: String,
    pub(super) method: Option<i64>,
}

impl Way {
    /// For what needs no charge.
    pub(super) fn none() -> Self {
        Self { gateway: SANDBOX.to_owned(), method: None }
    }
}

/// What a page offers: kept methods that take the currency, and the cards of the sandbox.
pub(super) async fn offered(cx: &Cx, desk: &Desk, customer: i64, currency: Currency) -> PageResult<Value> {
    let kept = cx.read(async move |tx: &mut Tx| list_methods(tx, customer).await).await?;
    let takes =
        |gateway: &str| desk.gateways.find(gateway).is_some_and(|it| it.manifest().accepts(currency.code()));
    let kept: Vec<Value> = kept
        .iter()
        .filter(|method| takes(&method.gateway))
        .map(|method| {
            json!({
                "value": format!("method:{}", method.id), "label": method.label, "expires": method.expires,
                "is_default": method.is_default,
            })
        })
        .collect();
    let cards: Vec<Value> = if takes(SANDBOX) {
        cards::OFFERED.iter().map(|card| json!({ "token": card.token, "label": card.label })).collect()
    } else {
        Vec::new()
    };
    let picked = kept
        .iter()
        .find(|method| method["is_default"] == true)
        .map_or(json!(cards::VISA), |method| method["value"].clone());
    let can_keep = desk.gateways.find(SANDBOX).and_then(Gateway::stored_methods).is_some();
    Ok(json!({ "kept": kept, "cards": cards, "picked": picked, "can_keep": can_keep }))
}

/// Reads the chosen way: a kept method of this customer, or a card, which is stored first. `None` when the choice is
/// refused, with why beside it.
pub(super) async fn chosen(
    visit: &Visit,
    cx: &Cx,
    desk: &Desk,
    customer: i64,
    form: &mut Form,
) -> PageResult<Option<Way>> {
    let choice = form.text("card").to_owned();
    if let Some(id) = choice.strip_prefix("method:") {
        let id: i64 = id.parse().unwrap_or_default();
        let kept = cx.read(async move |tx: &mut Tx| list_methods(tx, customer).await).await?;
        if let Some(method) = kept.into_iter().find(|method| method.id == id) {
            return Ok(Some(Way { gateway: method.gateway, method: Some(id) }));
        }
        form.refuse_text("card", &Text::new("desk-pay-method-gone"));
        return Ok(None);
    }
    if !cards::OFFERED.iter().any(|offered| offered.token == choice) {
        form.refuse_text("card", &Text::new("desk-pay-choose"));
        return Ok(None);
    }
    let keep = if form.is_checked("keep") { Keep::ForLater } else { Keep::Once };
    match store_method(cx, &desk.gateways, customer, SANDBOX, MethodToken::new(choice), keep).await {
        Ok(method) => Ok(Some(Way { gateway: SANDBOX.to_owned(), method: Some(method) })),
        Err(refused) if matches!(refused.kind(), ErrorKind::Conflict | ErrorKind::Unavailable) => {
            form.refuse("card", visit.refusal(&refused));
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}
