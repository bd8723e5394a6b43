//! What somebody picked on a product's page: read from its form, and back into it. Ids and quantities, never prices.

use std::collections::BTreeMap;

use bursar_catalog::{Addon, Offer, OptionKind, Pay, ProductOption};
use bursar_ordering::carts::Picked;
use bursar_time::Cycle;
use bursar_web::Form;

/// A number that no quantity can be: the catalogue refuses it with what is possible.
const UNREADABLE: i64 = -1;

/// What can be picked.
pub(super) struct Choices {
    pub(super) offer: Offer,
    pub(super) options: Vec<ProductOption>,
    pub(super) addons: Vec<Addon>,
}

impl Choices {
    /// What the form asks for. A choice that was not made is the first of its list, so that a page that was just opened
    /// shows a price.
    pub(super) fn read(&self, form: &Form) -> Picked {
        Picked {
            product: self.offer.product.id.get(),
            cycle: self.cycle(form.text("cycle")),
            quantity: number(form, "quantity", 1),
            options: self.shown_options().filter_map(|option| answer(form, option)).collect(),
            addons: self.shown_addons().filter_map(|addon| taken(form, addon)).collect(),
        }
    }

    /// The form that asks for what was picked before.
    pub(super) fn fill(&self, picked: &Picked, answers: &BTreeMap<String, String>) -> Form {
        let mut values = vec![
            ("cycle".to_owned(), picked.cycle.code().to_owned()),
            ("quantity".to_owned(), picked.quantity.to_string()),
        ];
        for (option, value, quantity) in &picked.options {
            let kind = self.options.iter().find(|own| own.id == *option).map(|own| own.details.kind);
            let text = if kind == Some(OptionKind::Quantity) { quantity } else { value };
            values.push((format!("option-{option}"), text.to_string()));
        }
        for (addon, quantity) in &picked.addons {
            values.push((format!("addon-{addon}"), quantity.to_string()));
        }
        for (name, answer) in answers {
            values.push((format!("answer-{name}"), answer.clone()));
        }
        Form::filled(values)
    }

    pub(super) fn cycle(&self, code: &str) -> Cycle {
        if self.offer.product.details.pay != Pay::Recurring {
            return Cycle::OneTime;
        }
        let tags = &self.offer.tags;
        let wished = Cycle::parse(code).ok().filter(|cycle| tags.contains_key(cycle));
        let usual = tags.contains_key(&Cycle::Monthly).then_some(Cycle::Monthly);
        wished.or(usual).or_else(|| tags.keys().next().copied()).unwrap_or(Cycle::Monthly)
    }

    pub(super) fn shown_options(&self) -> impl Iterator<Item = &ProductOption> {
        let shown = |option: &&ProductOption| !option.details.hidden && !option.values.is_empty();
        self.options.iter().filter(shown)
    }

    pub(super) fn shown_addons(&self) -> impl Iterator<Item = &Addon> {
        self.addons.iter().filter(|addon| !addon.details.hidden)
    }
}

/// Answers to questions, by name.
pub(super) fn answers<'q>(form: &Form, names: impl Iterator<Item = &'q str>) -> BTreeMap<String, String> {
    names.map(|name| (name.to_owned(), form.text(&format!("answer-{name}")).to_owned())).collect()
}

fn answer(form: &Form, option: &ProductOption) -> Option<(i64, i64, i64)> {
    let field = format!("option-{}", option.id);
    let first = option.values.iter().find(|value| !value.hidden)?.id;
    match option.details.kind {
        OptionKind::Choice | OptionKind::Radio => {
            let text = form.text(&field);
            let value = if text.is_empty() { first } else { text.parse().unwrap_or(UNREADABLE) };
            Some((option.id, value, 1))
        }
        OptionKind::YesNo => form.is_checked(&field).then_some((option.id, first, 1)),
        OptionKind::Quantity => {
            let quantity = number(form, &field, option.details.min_qty);
            (quantity != 0).then_some((option.id, first, quantity))
        }
    }
}

fn taken(form: &Form, addon: &Addon) -> Option<(i64, i64)> {
    let field = format!("addon-{}", addon.id);
    let quantity = number(form, &field, 0);
    (quantity != 0).then_some((addon.id, quantity))
}

fn number(form: &Form, field: &str, otherwise: i64) -> i64 {
    match form.text(field) {
        "" => otherwise,
        text => text.parse().unwrap_or(UNREADABLE),
    }
}
