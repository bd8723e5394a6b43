//! The form of a change to a subscription: what it offers, what was typed, and the quote as people read it. Staff and
//! customers fill in the same form; customers are offered less.

use bursar_catalog::{OptionKind, Pay, ProductOption, ProductStatus};
use bursar_db::Tx;
use bursar_fault::{Fault, Text};
use bursar_i18n::Translator;
use bursar_ids::Id;
use bursar_money::{Currency, Money};
use bursar_time::Cycle;
use bursar_web::Form;
use serde_json::{Value, json};

use super::views;
use crate::changes::{Change, ChangeOptions, ChangeQuote, Choice, Credit, Proration, When};
use crate::error::BillError;
use crate::subscriptions::detail::{self, Detail, ItemDetail, ItemKind};
use crate::subscriptions::subscribe::BillingDay;

/// Products offered as other plans.
const MOST_PLANS: u32 = 500;

/// Who fills the form in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asker {
    /// Any product of the same kind of payment, prices by hand, every way of counting.
    Staff,
    /// The plans that the catalogue offers from this one; counted by day, the difference is given back.
    Customer,
}

/// A subscription as the form needs it.
pub(super) struct Offer {
    pub(super) detail: Detail,
    pub(super) items: Vec<ItemDetail>,
    plans: Vec<(i64, String)>,
    /// The plan whose options are shown.
    plan: Option<i64>,
    allow_quantity: bool,
    options: Vec<ProductOption>,
    addons: Vec<(i64, String, bool)>,
    cycles: Vec<Cycle>,
}

/// Reads what can be offered. `plan` is the product that was picked so far.
pub(super) async fn offer(tx: &mut Tx, id: i64, asker: Asker, plan: Option<i64>) -> Result<Offer, BillError> {
    let detail = detail::get(tx, id).await?;
    let mut items = detail::all_items(tx, id).await?;
    items.retain(|row| row.ended_on.is_none());
    let plans = plans(tx, detail.product_id, asker).await?;
    let plan = plan.filter(|id| plans.iter().any(|(known, _)| known == id)).or(detail.product_id);
    let mut offer = Offer {
        detail,
        items,
        plans,
        plan,
        allow_quantity: false,
        options: Vec::new(),
        addons: Vec::new(),
        cycles: Vec::new(),
    };
    let Some(plan) = plan.map(Id::new) else { return Ok(offer) };
    if let Some(product) = bursar_catalog::find_product(tx, plan).await? {
        offer.allow_quantity = product.details.allow_quantity;
    }
    offer.options = bursar_catalog::options_of_product(tx, plan).await?;
    offer.options.retain(|option| asker == Asker::Staff || !option.details.hidden);
    offer.addons = bursar_catalog::addons(tx, Some(plan))
        .await?
        .into_iter()
        .filter(|addon| addon.details.pay == Pay::Recurring)
        .filter(|addon| asker == Asker::Staff || !addon.details.hidden)
        .map(|addon| (addon.id, addon.details.name, addon.details.allow_quantity))
        .collect();
    offer.cycles = cycles(tx, plan.get(), offer.detail.core.currency).await?;
    Ok(offer)
}

async fn plans(tx: &mut Tx, current: Option<i64>, asker: Asker) -> Result<Vec<(i64, String)>, Fault> {
    let named = |product: bursar_catalog::Product| (product.id.get(), product.details.name);
    if asker == Asker::Staff {
        let mut all = bursar_catalog::products(tx, None, MOST_PLANS).await?;
        all.retain(|product| {
            product.details.pay == Pay::Recurring
                && (product.details.status != ProductStatus::Archived || Some(product.id.get()) == current)
        });
        return Ok(all.into_iter().map(named).collect());
    }
    let Some(current) = current.map(Id::new) else { return Ok(Vec::new()) };
    let mut plans = Vec::new();
    for id in std::iter::once(current).chain(bursar_catalog::upgrades_of(tx, current).await?) {
        let found = bursar_catalog::find_product(tx, id).await?;
        plans.extend(found.filter(|p| p.details.status != ProductStatus::Archived).map(named));
    }
    Ok(plans)
}

/// Cycles in which the plan has a price in this currency today.
async fn cycles(tx: &mut Tx, plan: i64, currency: Currency) -> Result<Vec<Cycle>, Fault> {
    let today = tx.today();
    let prices = bursar_catalog::prices_of(tx, bursar_catalog::OwnerKind::Product, plan).await?;
    let mut cycles: Vec<Cycle> = prices
        .iter()
        .filter(|price| {
            price.currency == currency && price.valid_from_on <= today && price.cycle.is_recurring()
        })
        .map(|price| price.cycle)
        .collect();
    cycles.sort_unstable();
    cycles.dedup();
    Ok(cycles)
}

/// The form as it stands before anything was typed: today's terms.
pub(super) fn filled(offer: &Offer) -> Form {
    let core = &offer.detail.core;
    let mut values = vec![
        ("what".to_owned(), "plan".to_owned()),
        ("product".to_owned(), offer.plan.map(|id| id.to_string()).unwrap_or_default()),
        ("cycle".to_owned(), core.cycle.code().to_owned()),
        ("when".to_owned(), "now".to_owned()),
        ("proration".to_owned(), "by_day".to_owned()),
        ("credit".to_owned(), "give_back".to_owned()),
        ("quantity".to_owned(), units(offer).to_string()),
    ];
    for row in &offer.items {
        match (row.kind, row.source_id) {
            (ItemKind::Option, Some(option)) => {
                let is_counted = offer
                    .options
                    .iter()
                    .any(|known| known.id == option && known.details.kind == OptionKind::Quantity);
                let answer =
                    if is_counted { Some(row.item.quantity / units(offer).max(1)) } else { row.value_id };
                values.push((format!("option-{option}"), answer.unwrap_or_default().to_string()));
            }
            (ItemKind::Addon, Some(addon)) => {
                values.push((format!("addon-{addon}"), row.item.quantity.to_string()));
            }
            _ => {}
        }
    }
    Form::filled(values)
}

fn units(offer: &Offer) -> i64 {
    offer.items.iter().find(|row| row.kind == ItemKind::Product).map_or(1, |row| row.item.quantity)
}

/// What was typed, or `None` after what is wrong was marked.
pub(super) fn typed(form: &mut Form, offer: &Offer, asker: Asker) -> Option<(Change, ChangeOptions)> {
    let change = match (form.text("what"), asker) {
        ("plan", _) => plan(form, offer),
        ("cycle", _) => {
            let cycle = Cycle::parse(form.text("cycle")).ok().filter(|cycle| offer.cycles.contains(cycle));
            if cycle.is_none() {
                form.refuse_text("cycle", &Text::new("billing-change-choose-cycle"));
            }
            cycle.map(|cycle| Change::Cycle { cycle, day: BillingDay::Anniversary })
        }
        ("price", Asker::Staff) => price(form, offer),
        ("remove", Asker::Staff) => item(form, offer).map(|item_id| Change::Remove { item_id }),
        _ => {
            form.refuse_text("what", &Text::new("billing-change-choose-what"));
            None
        }
    };
    let options = options(form, asker);
    let change = change.filter(|_| !form.is_refused())?;
    Some((change, options))
}

fn options(form: &Form, asker: Asker) -> ChangeOptions {
    let when = if form.text("when") == "period_end" { When::PeriodEnd } else { When::Now };
    if asker == Asker::Customer {
        return ChangeOptions { when, ..ChangeOptions::default() };
    }
    ChangeOptions {
        when,
        proration: match form.text("proration") {
            "by_second" => Proration::BySecond,
            "none" => Proration::None,
            _ => Proration::ByDay,
        },
        credit: if form.text("credit") == "forfeit" { Credit::Forfeit } else { Credit::GiveBack },
    }
}

fn plan(form: &mut Form, offer: &Offer) -> Option<Change> {
    let product = form.text("product").parse().ok().filter(|id| offer.plans.iter().any(|(p, _)| p == id));
    if product.is_none() {
        form.refuse_text("product", &Text::new("billing-change-choose-plan"));
    }
    let quantity = match offer.allow_quantity {
        true => form.text("quantity").parse().ok().filter(|quantity: &i64| *quantity >= 1),
        false => Some(1),
    };
    if quantity.is_none() {
        form.refuse_text("quantity", &Text::new("billing-change-quantity-wrong"));
    }
    let mut answers = Vec::new();
    for option in &offer.options {
        let field = format!("option-{}", option.id);
        let text = form.text(&field).to_owned();
        let first = option.values.first().map(|value| value.id);
        let answer = match option.details.kind {
            OptionKind::Choice | OptionKind::Radio => {
                text.parse().ok().filter(|id| option.values.iter().any(|v| v.id == *id)).map(|id| (id, 1))
            }
            OptionKind::YesNo => first.filter(|_| !text.is_empty()).map(|id| (id, 1)),
            OptionKind::Quantity => first.zip(text.parse().ok().filter(|count: &i64| *count > 0)),
        };
        match answer {
            Some((value, count)) => answers.push((option.id, value, count)),
            None if option.must_be_chosen() => {
                form.refuse_text(field, &Text::new("billing-change-choose"));
            }
            None => {}
        }
    }
    let addons = offer
        .addons
        .iter()
        .filter_map(|(id, ..)| {
            let count = form.text(&format!("addon-{id}")).parse().ok().filter(|count: &i64| *count > 0)?;
            Some((*id, count))
        })
        .collect();
    Some(Change::Switch(Choice { product: product?, quantity: quantity?, options: answers, addons }))
}

fn item(form: &mut Form, offer: &Offer) -> Option<i64> {
    let item = form.text("item").parse().ok().filter(|id| offer.items.iter().any(|row| row.item.id == *id));
    if item.is_none() {
        form.refuse("item", "Choose an item.");
    }
    item
}

fn price(form: &mut Form, offer: &Offer) -> Option<Change> {
    let item_id = item(form, offer);
    let unit = form.money("unit_price", offer.detail.core.currency);
    Some(Change::Price { item_id: item_id?, unit_minor: unit?.minor() })
}

/// What the template shows of the form.
pub(super) fn view(offer: &Offer, form: &Form, words: &Translator) -> Value {
    let core = &offer.detail.core;
    let choice = |value: String, label: &str| json!({ "value": value, "label": label });
    let options: Vec<Value> = offer
        .options
        .iter()
        .map(|option| {
            json!({
                "field": format!("option-{}", option.id), "name": option.details.name,
                "kind": option.details.kind.code(), "min": option.details.min_qty, "max": option.details.max_qty,
                "values": option.values.iter().map(|v| choice(v.id.to_string(), &v.name)).collect::<Vec<_>>(),
                "required": option.must_be_chosen(),
            })
        })
        .collect();
    json!({
        "form": form.view(), "what": form.text("what"), "id": core.id, "label": core.label,
        "currency": core.currency.code(), "product": offer.plan, "allow_quantity": offer.allow_quantity,
        "plans": offer.plans.iter().map(|(id, name)| choice(id.to_string(), name)).collect::<Vec<_>>(),
        "options": options,
        "addons": offer.addons.iter().map(|(id, name, many)| json!({
            "field": format!("addon-{id}"), "name": name, "allow_quantity": many,
        })).collect::<Vec<_>>(),
        "cycles": offer.cycles.iter().map(|cycle| choice(cycle.code().to_owned(), &cycle_words(*cycle, words))).collect::<Vec<_>>(),
        "items": offer.items.iter().map(|row| {
            let price = Money::new(row.item.unit_minor, core.currency);
            choice(row.item.id.to_string(), &format!("{} ({} × {price})", row.item.description, row.item.quantity))
        }).collect::<Vec<_>>(),
    })
}

/// How often something is billed, in the language of the page.
pub(super) fn cycle_words(cycle: Cycle, words: &Translator) -> String {
    words.say(&Text::new("billing-cycle").with("cycle", cycle.code()))
}

/// The quote as people read it.
pub(super) fn quote_view(quote: &ChangeQuote, words: &Translator) -> Value {
    let money = |minor| Money::new(minor, quote.currency);
    let total = quote.totals.total_minor;
    json!({
        "effective_on": quote.effective_on, "due_on": quote.due_on, "next_on": quote.next.start,
        "lines": views::lines(&quote.lines, quote.currency, words),
        "subtotal": money(quote.totals.subtotal_minor),
        "tax": money(quote.totals.tax1_minor + quote.totals.tax2_minor),
        "total": money(total), "back": money(-total), "gives_back": total < 0, "charges": total > 0,
        "before": money(quote.before_minor), "after": money(quote.after_minor), "agreed": total,
    })
}
