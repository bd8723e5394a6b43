//! Settings of orders: which of them a person looks at, and how long they are held.

use bursar_billing::invoices::number::NumberFormat;
use bursar_catalog::product_choices;
use bursar_time::Date;
use bursar_web::{Setting, SettingsGroup, SettingsPage};

use crate::settings::OrderSettings;

pub(super) fn page() -> SettingsPage {
    let review = vec![
        Setting::yes_no("review_always", "Look at every order"),
        Setting::yes_no("review_first_order", "Look at a customer's first order")
            .help("Most fraud is a first order."),
        Setting::amounts("review_from_minor", "Look at orders of this much or more")
            .optional()
            .help("By currency, for example EUR 500.00, USD 550.00. Empty for no limit."),
        Setting::picked("review_products", "Look at every order of", product_choices)
            .help("What has to be bought in or built first."),
    ];
    let alert = vec![
        Setting::amounts("alert_from_minor", "Tell at once about orders of this much or more")
            .optional()
            .help("By currency, for example EUR 1000.00. Empty for none."),
        Setting::text("alert_email", "Whom to tell", 254).optional().help("For example sales@example.com."),
    ];
    let held = vec![
        Setting::days("unpaid_days", "An unpaid order is held for", 1, 365).help(
            "With 7, an order of 1 March that nobody paid is cancelled on 8 March and its invoice is void.",
        ),
        Setting::hours("stock_hours", "Limited stock is held for an unpaid order for", 1, 8_760)
            .help("With 24, the last piece can be bought by somebody else a day later."),
    ];
    let number = vec![
        Setting::text("number_format", "Number format", 60)
            .help("Tokens: {YYYY}, {YY}, {MM} and one run of zeros.")
            .example(numbered),
    ];
    let groups = vec![
        SettingsGroup::new("Review", "An order that meets any of these waits for somebody's word.", review),
        SettingsGroup::new("Large orders", "Somebody hears of them when they come in.", alert),
        SettingsGroup::new("Unpaid orders", "What was reserved goes back when nobody pays.", held),
        SettingsGroup::new("Numbers", "What an order is called.", number),
    ];
    SettingsPage::of::<OrderSettings>("/admin/settings/orders", "Orders", groups)
        .described("list-details", "Which orders a person looks at, and how long they are held.")
}

/// What the forty-second order of this format would be called.
fn numbered(format: &str) -> Result<String, String> {
    let format = NumberFormat::parse(format).map_err(|why| format!("{why}."))?;
    Ok(format!("The forty-second is called {}", format.render(42, Date::constant(2026, 3, 31))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_shows_what_it_makes() {
        assert_eq!(numbered("ORD-{000000}").unwrap(), "The forty-second is called ORD-000042");
        assert!(numbered("ORD-").is_err());
    }

    #[test]
    fn every_setting_is_one_of_its_document() {
        assert_eq!(page().mistakes(), Vec::<String>::new());
    }
}
