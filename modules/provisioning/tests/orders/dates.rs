//! Services that are made on a day.

use std::collections::BTreeMap;

use bursar_fault::Refusal as _;
use bursar_ordering::questions::{NewQuestion, QuestionKind, add_question};
use bursar_provisioning::State;
use bursar_provisioning::dated::{ANSWER, start_service_on};
use bursar_provisioning::settings::{ProvisioningSettings, When};
use bursar_time::{Date, plus_days};

use crate::shop::{Shop, monthly, on_both};

/// A product that is made on a day, and an order of it that was paid.
async fn paid(shop: &Shop, wish: Option<Date>) -> (i64, i64) {
    shop.rules(ProvisioningSettings { when: When::OnDate, ..ProvisioningSettings::default() }).await;
    let question = NewQuestion {
        product_id: None,
        name: ANSWER.to_owned(),
        label: "From which day on?".to_owned(),
        kind: QuestionKind::Date,
        help: String::new(),
        choices: Vec::new(),
        required: false,
        position: 1,
    };
    add_question(&shop.cx, question).await.unwrap();
    let (vps, ann) = (shop.machine("VPS", 1_000, "").await, shop.customer().await);
    let answers = wish.map(|on| (ANSWER.to_owned(), on.to_string())).into_iter().collect::<BTreeMap<_, _>>();
    let (order, invoice) = shop.order_answering(ann, monthly(vps), answers).await;
    shop.pay(ann, invoice).await;
    shop.settle().await;
    (order, shop.services_of(order).await[0].id)
}

fn days_from(shop: &Shop, days: i64) -> Date {
    plus_days(shop.cx.today(), days).unwrap()
}

#[test]
fn what_was_ordered_for_a_day_is_made_on_that_day() {
    on_both(async |shop| {
        let wish = days_from(shop, 12);
        let (order, _) = paid(shop, Some(wish)).await;
        assert_eq!(shop.states(order).await, [State::Pending], "paid, and its day has not come");
        assert_eq!(shop.services_of(order).await[0].start_on, Some(wish));
        shop.night_in(11).await;
        assert_eq!(shop.states(order).await, [State::Pending]);
        shop.night_in(1).await;
        assert_eq!(shop.states(order).await, [State::Active]);
        assert_eq!(shop.panel.machines(shop.cx.now()).len(), 1);
    });
}

#[test]
fn without_a_wish_it_is_the_first_day_of_the_subscription() {
    on_both(async |shop| {
        let (order, _) = paid(shop, None).await;
        assert_eq!(shop.states(order).await, [State::Active]);
    });
}

#[test]
fn staff_may_say_another_day_and_only_the_last_one_counts() {
    on_both(async |shop| {
        let (order, id) = paid(shop, Some(days_from(shop, 5))).await;
        let past = start_service_on(&shop.cx, id, days_from(shop, -1)).await.unwrap_err();
        assert!(past.message().starts_with("Choose a day from today"), "{}", past.message());
        start_service_on(&shop.cx, id, days_from(shop, 9)).await.unwrap();
        shop.night_in(6).await;
        assert_eq!(shop.states(order).await, [State::Pending], "the day of the order counts no more");
        start_service_on(&shop.cx, id, shop.cx.today()).await.unwrap();
        shop.settle().await;
        assert_eq!(shop.states(order).await, [State::Active]);
        let again = start_service_on(&shop.cx, id, days_from(shop, 1)).await.unwrap_err();
        assert!(again.message().starts_with("It is begun already"), "{}", again.message());
        shop.night_in(4).await;
        assert_eq!(shop.panel.machines(shop.cx.now()).len(), 1, "and a day that comes late makes nothing");
    });
}
