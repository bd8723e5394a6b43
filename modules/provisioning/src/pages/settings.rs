//! Settings of services: when they are made and taken away, and who is told when they cannot be.

use bursar_catalog::product_choices;
use bursar_web::{Setting, SettingsGroup, SettingsPage};

use crate::settings::ProvisioningSettings;

fn when() -> Vec<(&'static str, &'static str)> {
    vec![
        ("ordered", "when it is ordered, paid or not"),
        ("paid", "when its order is paid"),
        ("accepted", "when its order is accepted"),
        ("on_date", "on a date"),
        ("by_hand", "when staff say so"),
    ]
}

pub(super) fn page() -> SettingsPage {
    let made = vec![
        Setting::choice("when", "A product is made", when())
            .help(
                "Paid is quickest. Accepted waits for whoever looks at orders. A date is asked by a question named \
                 start_on; without an answer it is the first day of the subscription, and staff may choose another.",
            ),
        Setting::each("when_by_product", "Other products", product_choices, when())
            .help("One a line: a product's number and the word for when, for example 12 paid."),
        Setting::hours("give_up_hours", "A failing step is tried again for", 1, 720).help(
            "Ever less often; then a person looks. With 24, a panel that is away overnight is no harm.",
        ),
        Setting::picked("sell_when_full", "Sell although there is no room", product_choices)
            .help("Orders of these are taken and wait. All others are refused before anybody pays."),
    ];
    let money = vec![
        Setting::choice(
            "money_back",
            "The money for what could not be made",
            vec![
                ("wait", "waits for staff"),
                ("credit", "becomes the customer's credit"),
                ("refund", "goes back the way it came"),
            ],
        ),
        Setting::hours("money_back_hours", "That happens after", 1, 2_160)
            .help(
                "Counted from the payment. With 48, what was paid on Monday at noon goes back on Wednesday at noon. Money \
                 that is only held is let go then, and was never charged.",
            ),
    ];
    let told = vec![
        Setting::whole("delay_minutes", "A customer hears that it takes longer after", 0, 10_080)
            .unit("minutes")
            .help("The mail promises the day on which the money would go back. 0 tells nobody."),
        Setting::yes_no("mail_passwords", "Attach user name and password to the mail that it is ready").help(
            "Whoever reads that mailbox gets in. Without it they stand on the service's page, for whoever asks.",
        ),
    ];
    let suspension = vec![
        Setting::days("suspend_after_days", "From past due to suspension", 0, 365)
            .help("With 3, what fell past due on the 10th is suspended on the 13th. 0 suspends at once."),
        Setting::yes_no("suspend_when_not_taken", "Suspend at once when held money cannot be taken").help(
            "For orders whose money is held until the machine runs. Without it the invoice is owed like any other, and \
             the days above count.",
        ),
        Setting::picked("never_suspend", "Never suspend", product_choices)
            .help("These go on whatever is owed, until staff say otherwise."),
        Setting::whole("most_suspensions", "Most suspensions a day", 1, 1_000_000).unit("services").help(
            "The rest waits for a person: so many at once are more often a fault than so many debtors.",
        ),
    ];
    let removal = vec![
        Setting::days("remove_after_days", "From the end to removal", 0, 365)
            .help("Until then it is suspended and can be asked back. 0 removes at once."),
    ];
    let measured = vec![
        Setting::hours("measure_every_hours", "Ask how much is used every", 0, 24)
            .help("Drawn on the service's pages and kept for 35 days. 0 asks never."),
    ];
    let alert = vec![
        Setting::text("alert_email", "Who is told when a server or a step fails", 254)
            .optional()
            .help("For example noc@example.com. Empty for nobody."),
    ];
    let groups = vec![
        SettingsGroup::new("Making", "When a service is made, and how long it is tried.", made),
        SettingsGroup::new("Money back", "When something that was paid could not be made.", money),
        SettingsGroup::new("Mails", "What customers are told.", told),
        SettingsGroup::new("Suspension", "When a service stops because nobody pays.", suspension),
        SettingsGroup::new("Removal", "When what was on a server is deleted.", removal),
        SettingsGroup::new("Usage", "What customers see of processors, memory, disk and traffic.", measured),
        SettingsGroup::new("Alerts", "Somebody hears of it at once.", alert),
    ];
    SettingsPage::of::<ProvisioningSettings>("/admin/settings/services", "Services", groups)
        .described("package", "When services are made, suspended and removed.")
}

#[cfg(test)]
mod tests {
    use bursar_web::SettingsDocument as _;

    use super::*;
    use crate::settings::{KEY, MoneyBack, When};

    #[test]
    fn every_setting_is_one_of_its_document() {
        assert_eq!(page().mistakes(), Vec::<String>::new());
        assert_eq!(page().key(), KEY);
    }

    #[test]
    fn every_word_is_one_that_is_stored() {
        for (word, _) in when() {
            serde_json::from_value::<When>(word.into()).unwrap();
        }
        for word in ["wait", "credit", "refund"] {
            serde_json::from_value::<MoneyBack>(word.into()).unwrap();
        }
    }

    #[test]
    fn bounds_hold_without_a_form_too() {
        assert!(ProvisioningSettings::default().wrong().is_empty());
        let rules = ProvisioningSettings {
            give_up_hours: 0,
            alert_email: "nobody".into(),
            ..ProvisioningSettings::default()
        };
        assert_eq!(rules.wrong().len(), 2);
    }
}
