//! The grid of prices on the page of whatever has prices.

use std::collections::BTreeSet;
use std::str::FromStr as _;

use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{ErrorKind, Fault, Refusal as _};
use bursar_money::{Currency, Money};
use bursar_time::{Cycle, Date};
use bursar_web::{Flash, Form, PageResult, Visit};
use serde_json::{Value, json};

use crate::grid::{Cell, counting, put_prices};
use crate::price::{OwnerKind, Price, currencies, prices_of};
use crate::product::Pay;

/// The cycles that something paid for like this can have.
pub(super) fn cycles_of(pay: Pay) -> Vec<Cycle> {
    match pay {
        Pay::Free => Vec::new(),
        Pay::OneTime => vec![Cycle::OneTime],
        Pay::Recurring => Cycle::ALL.into_iter().filter(|cycle| cycle.is_recurring()).collect(),
    }
}

/// The grid as the template shows it, and prices that are still to come.
pub(super) async fn grid(
    tx: &mut Tx,
    owner_kind: OwnerKind,
    owner_id: i64,
    cycles: &[Cycle],
    form: Option<&Form>,
) -> Result<Value, Fault> {
    let all = prices_of(tx, owner_kind, owner_id).await?;
    let today = tx.today();
    let now = counting(&all, today);
    let mut columns: BTreeSet<&str> = currencies(tx).await?.into_iter().map(Currency::code).collect();
    let added = form.map(|form| form.text("add_currency").to_owned()).unwrap_or_default();
    columns.extend(Currency::parse(&added).ok().map(Currency::code));
    if columns.is_empty() {
        columns.insert(Currency::EUR.code());
    }
    let columns: Vec<Currency> = columns.into_iter().filter_map(|code| Currency::parse(code).ok()).collect();
    let rows: Vec<Value> = cycles
        .iter()
        .map(|cycle| {
            let cells: Vec<Value> = columns.iter().map(|column| cell(&now, *column, *cycle, form)).collect();
            json!({ "label": cycle.label(), "cells": cells })
        })
        .collect();
    let coming: Vec<Value> = all
        .iter()
        .filter(|price| price.superseded_at.is_none() && price.valid_from_on > today)
        .map(|price| {
            json!({
                "from_on": price.valid_from_on, "cycle": price.cycle.label(),
                "amount": Money::new(price.amount_minor, price.currency),
            })
        })
        .collect();
    let form = form.map(Form::view);
    Ok(json!({
        "rows": rows, "currencies": columns.iter().map(|c| c.code()).collect::<Vec<_>>(), "coming": coming,
        "errors": form, "all": Currency::all().map(Currency::code).collect::<Vec<_>>(),
    }))
}

fn name(what: &str, currency: Currency, cycle: Cycle) -> String {
    format!("{what}-{}-{}", currency.code(), cycle.code())
}

fn cell(now: &[&Price], currency: Currency, cycle: Cycle, form: Option<&Form>) -> Value {
    let known = now.iter().find(|price| price.currency == currency && price.cycle == cycle);
    let plain = |minor| Money::new(minor, currency).to_plain();
    let (price, setup) = (name("price", currency, cycle), name("setup", currency, cycle));
    let typed = |field: &str, stored: Option<String>| match form {
        Some(form) => form.text(field).to_owned(),
        None => stored.unwrap_or_default(),
    };
    json!({
        "currency": currency.code(), "price": price, "setup": setup,
        "amount": typed(&price, known.map(|price| plain(price.amount_minor))),
        "fee": typed(&setup, known.filter(|price| price.setup_minor != 0).map(|price| plain(price.setup_minor))),
    })
}

/// What was typed, or `None` after what is wrong was marked.
fn typed(form: &mut Form, cycles: &[Cycle], sold_in: &BTreeSet<String>) -> Option<(Vec<Cell>, Option<Date>)> {
    let mut cells = Vec::new();
    for code in sold_in {
        let Ok(currency) = Currency::parse(code) else { continue };
        for cycle in cycles.iter().copied() {
            let (price, setup) = (name("price", currency, cycle), name("setup", currency, cycle));
            let amount = money(form, &price, currency);
            let fee = money(form, &setup, currency);
            if let (Some(None), Some(Some(_))) = (amount, fee) {
                form.refuse(price.clone(), "Give a price, or no setup fee.");
            }
            if let (Some(amount), Some(fee)) = (amount, fee) {
                let price = amount.map(|amount| (amount, fee.unwrap_or(0)));
                cells.push(Cell { currency, cycle, price });
            }
        }
    }
    let from = form.text("valid_from_on").to_owned();
    let valid_from_on = match from.as_str() {
        "" => None,
        text => {
            let date = Date::from_str(text).ok();
            if date.is_none() {
                form.refuse("valid_from_on", "Give a date, for example 2027-01-01.");
            }
            date
        }
    };
    (!form.is_refused()).then_some((cells, valid_from_on))
}

/// `Some(None)` for an empty field, `None` after it was refused.
fn money(form: &mut Form, field: &str, currency: Currency) -> Option<Option<i64>> {
    let text = form.text(field).to_owned();
    if text.is_empty() {
        return Some(None);
    }
    match Money::parse(&text, currency) {
        Ok(money) if money.minor() >= 0 => Some(Some(money.minor())),
        Ok(_) | Err(_) => {
            let example = Money::new(12_500, currency).to_plain();
            form.refuse(field.to_owned(), format!("An amount, for example {example}."));
            None
        }
    }
}

/// Saves the grid and goes back to the page, or gives the form back for the page to show.
pub(super) async fn save(
    visit: &Visit,
    cx: &Cx,
    owner: (OwnerKind, i64),
    cycles: &[Cycle],
    to: &str,
    form: &mut Form,
) -> PageResult<Option<axum::http::Response<axum::body::Body>>> {
    let (owner_kind, owner_id) = owner;
    let sold_in: BTreeSet<String> = form.all("currency").map(str::to_uppercase).collect();
    let wants_currency = !form.text("add_currency").is_empty() && form.is_checked("add");
    let Some((cells, valid_from_on)) = typed(form, cycles, &sold_in) else { return Ok(None) };
    if wants_currency {
        return Ok(None);
    }
    match put_prices(cx, owner_kind, owner_id, cells, valid_from_on).await {
        Ok(0) => Ok(Some(visit.redirect_with(to, Flash::info("No price differs from what it was."))?)),
        Ok(count) => {
            let said = format!("{count} prices are set. Existing subscriptions keep theirs.");
            Ok(Some(visit.redirect_with(to, Flash::success(said))?))
        }
        Err(error) => match error.kind() {
            ErrorKind::Invalid(fields) => {
                form.refuse_all(fields);
                Ok(None)
            }
            _ => Err(error.into()),
        },
    }
}
