//! The catalogue through its public surface, on both engines.

#![allow(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use bursar_catalog::{
    AddonDetails, Buyer, CatalogError, CouponBuyer, CouponDetails, CouponError, CouponKind, CouponRefused,
    GrantKind, GroupDetails, ItemSource, Misfit, NewPrice, OptionDetails, OptionKind, OwnerKind, Pay,
    PricedSelection, Product, ProductDetails, ProductStatus, Selection, SelectionError,
};
use bursar_db::Migrations;
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_money::{Currency, Money};
use bursar_testkit::{TestCx, on_both_engines};
use bursar_time::{Cycle, Date};

fn schema() -> Vec<Migrations> {
    vec![bursar_audit::migrations(), bursar_catalog::migrations()]
}

fn day(month: i8, day: i8) -> Date {
    Date::new(2026, month, day).unwrap()
}

fn fields(error: CatalogError) -> Vec<String> {
    let CatalogError::Invalid(fields) = error else { panic!("expected field errors, got {error:?}") };
    fields.into_iter().map(|f| f.field.into_owned()).collect()
}

async fn put(
    cx: &TestCx,
    kind: OwnerKind,
    id: i64,
    cycle: Cycle,
    amount: i64,
    setup: i64,
    from: Option<Date>,
) -> i64 {
    let price = NewPrice {
        owner_kind: kind,
        owner_id: id,
        currency: Currency::EUR,
        cycle,
        amount_minor: amount,
        setup_minor: setup,
        valid_from_on: from,
    };
    bursar_catalog::put_price(cx, price).await.unwrap()
}

/// A server at 40.00 a month with 15.00 set-up, in a group.
async fn server(cx: &TestCx, change: impl FnOnce(&mut ProductDetails)) -> Id<Product> {
    let group = GroupDetails { name: "Servers".to_owned(), ..GroupDetails::default() };
    let group = bursar_catalog::create_group(cx, group).await.unwrap();
    let mut details = ProductDetails::named(group, "VPS 2");
    change(&mut details);
    let id = bursar_catalog::create_product(cx, details).await.unwrap();
    put(cx, OwnerKind::Product, id.get(), Cycle::Monthly, 4_000, 1_500, None).await;
    id
}

fn monthly(product: Id<Product>) -> Selection {
    Selection {
        product: product.get(),
        currency: Currency::EUR,
        cycle: Cycle::Monthly,
        quantity: 1,
        options: Vec::new(),
        addons: Vec::new(),
    }
}

async fn price(cx: &TestCx, selection: Selection) -> Result<PricedSelection, SelectionError> {
    cx.read(async move |tx| bursar_catalog::price_selection(tx, &selection).await).await
}

async fn misfit(cx: &TestCx, selection: Selection) -> Misfit {
    match price(cx, selection).await {
        Err(SelectionError::Unfit(misfit)) => misfit,
        other => panic!("expected a misfit, got {other:?}"),
    }
}

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

#[test]
fn every_statement_is_understood_by_both_engines() {
    on_both_engines(schema(), async |cx| {
        cx.read(async |tx| {
            for statement in bursar_catalog::statements() {
                tx.prepare(statement).await?;
            }
            Ok::<_, Fault>(())
        })
        .await
        .unwrap();
    });
}

#[test]
fn a_whole_selection_is_priced_item_by_item() {
    on_both_engines(schema(), async |cx| {
        let product = server(&cx, |d| d.allow_quantity = true).await;
        let group = bursar_catalog::create_option_group(&cx, "Hardware".to_owned()).await.unwrap();
        let option = |name: &str, kind, min_qty, max_qty, position| OptionDetails {
            group_id: group,
            name: name.to_owned(),
            kind,
            min_qty,
            max_qty,
            position,
            hidden: false,
        };
        let memory = option("Memory", OptionKind::Choice, 0, 0, 1);
        let (memory, sizes) =
            bursar_catalog::create_option(&cx, memory, vec!["4 GB".to_owned(), "8 GB".to_owned()])
                .await
                .unwrap();
        let ips = option("Extra IPs", OptionKind::Quantity, 0, 8, 2);
        let (ips, ip) = bursar_catalog::create_option(&cx, ips, vec!["IP".to_owned()]).await.unwrap();
        bursar_catalog::offer_option_groups(&cx, product, vec![group]).await.unwrap();
        put(&cx, OwnerKind::OptionValue, sizes[0], Cycle::Monthly, 0, 0, None).await;
        put(&cx, OwnerKind::OptionValue, sizes[1], Cycle::Monthly, 500, 0, None).await;
        put(&cx, OwnerKind::OptionValue, ip[0], Cycle::Monthly, 200, 100, None).await;
        let addon = AddonDetails {
            name: "Installation".to_owned(),
            description_md: String::new(),
            pay: Pay::OneTime,
            taxable: false,
            allow_quantity: false,
            hidden: false,
            position: 0,
        };
        let addon = bursar_catalog::create_addon(&cx, addon).await.unwrap();
        put(&cx, OwnerKind::Addon, addon, Cycle::OneTime, 2_500, 0, None).await;
        bursar_catalog::offer_addons(&cx, product, vec![addon]).await.unwrap();

        let chosen = Selection {
            quantity: 2,
            options: vec![(ips, ip[0], 3), (memory, sizes[1], 1)],
            addons: vec![(addon, 1)],
            ..monthly(product)
        };
        let priced = price(&cx, chosen.clone()).await.unwrap();
        let lines: Vec<_> = priced
            .items
            .iter()
            .map(|i| (i.description.as_str(), i.quantity, i.unit_minor, i.setup_minor, i.cycle))
            .collect();
        assert_eq!(
            lines,
            [
                ("VPS 2", 2, 4_000, 1_500, Cycle::Monthly),
                ("Memory: 8 GB", 2, 500, 0, Cycle::Monthly),
                ("Extra IPs", 6, 200, 100, Cycle::Monthly),
                ("Installation", 1, 2_500, 0, Cycle::OneTime),
            ]
        );
        // Every month 2 × 40.00 + 2 × 5.00 + 6 × 2.00; once 2 × 15.00 + 6 × 1.00 + 25.00.
        assert_eq!(priced.recurring_total().unwrap(), eur(10_200));
        assert_eq!(priced.one_time_total().unwrap(), eur(6_100));
        assert!(!priced.items[3].taxable);
        assert_eq!(priced.items[3].source, ItemSource::Addon(addon));

        let without = Selection { options: Vec::new(), ..chosen.clone() };
        assert_eq!(misfit(&cx, without).await, Misfit::OptionMissing { name: "Memory".to_owned() });
        let mut too_many = chosen.clone();
        too_many.options[0].2 = 9;
        assert_eq!(
            misfit(&cx, too_many).await,
            Misfit::Quantity { name: "Extra IPs".to_owned(), min: 0, max: 8 }
        );
        let foreign = Selection { options: vec![(memory, ip[0], 1)], ..chosen.clone() };
        assert_eq!(misfit(&cx, foreign).await, Misfit::OptionUnknown { option: memory, value: ip[0] });
        let twice = Selection { addons: vec![(addon, 1), (addon, 1)], ..chosen };
        assert_eq!(misfit(&cx, twice).await, Misfit::AddonUnknown(addon));
    });
}

#[test]
fn what_has_no_price_is_not_free() {
    on_both_engines(schema(), async |cx| {
        let product = server(&cx, |_| {}).await;
        let yen = Selection { currency: Currency::JPY, ..monthly(product) };
        assert!(matches!(misfit(&cx, yen).await, Misfit::NoPrice { currency: Currency::JPY, .. }));
        let yearly = Selection { cycle: Cycle::Annual, ..monthly(product) };
        assert!(matches!(misfit(&cx, yearly).await, Misfit::NoPrice { .. }));
        let once = Selection { cycle: Cycle::OneTime, ..monthly(product) };
        assert!(matches!(misfit(&cx, once).await, Misfit::Cycle { .. }));
        for quantity in [-1, 0, 2, i64::MAX] {
            let many = Selection { quantity, ..monthly(product) };
            assert!(matches!(misfit(&cx, many).await, Misfit::Quantity { max: 1, .. }), "{quantity}");
        }
        let unknown = Selection { product: 99_999, ..monthly(product) };
        assert!(matches!(price(&cx, unknown).await, Err(SelectionError::NotForSale)));
    });
}

#[test]
fn archived_products_are_for_existing_subscriptions_only() {
    on_both_engines(schema(), async |cx| {
        let product = server(&cx, |d| d.status = ProductStatus::Archived).await;
        assert!(matches!(price(&cx, monthly(product)).await, Err(SelectionError::NotForSale)));
        let selection = monthly(product);
        let staff = cx
            .read(async move |tx| bursar_catalog::price_selection_for(tx, &selection, Buyer::Staff).await)
            .await;
        assert_eq!(staff.unwrap().items[0].unit_minor, 4_000);
    });
}

#[test]
fn a_price_changes_on_its_day_and_the_old_version_stays() {
    on_both_engines(schema(), async |cx| {
        let product = server(&cx, |_| {}).await;
        let unit = async |cx: &TestCx| price(cx, monthly(product)).await.unwrap().items[0].unit_minor;
        put(&cx, OwnerKind::Product, product.get(), Cycle::Monthly, 4_500, 0, Some(day(2, 1))).await;
        assert_eq!(unit(&cx).await, 4_000);
        // The scheduled change is corrected before its day.
        put(&cx, OwnerKind::Product, product.get(), Cycle::Monthly, 4_400, 0, Some(day(2, 1))).await;
        cx.test_clock().advance_days(31);
        assert_eq!(cx.today(), day(2, 1));
        assert_eq!(unit(&cx).await, 4_400);
        put(&cx, OwnerKind::Product, product.get(), Cycle::Monthly, 4_600, 0, None).await;
        assert_eq!(unit(&cx).await, 4_600);
        let history = cx
            .read(async move |tx| bursar_catalog::prices_of(tx, OwnerKind::Product, product.get()).await)
            .await
            .unwrap();
        let versions: Vec<_> =
            history.iter().map(|p| (p.version, p.amount_minor, p.superseded_at.is_some())).collect();
        assert_eq!(versions, [(1, 4_000, true), (2, 4_500, true), (3, 4_400, true), (4, 4_600, false)]);
        bursar_catalog::withdraw_price(&cx, OwnerKind::Product, product.get(), Currency::EUR, Cycle::Monthly)
            .await
            .unwrap();
        assert!(matches!(misfit(&cx, monthly(product)).await, Misfit::NoPrice { .. }));
    });
}

#[test]
fn a_price_out_of_range_or_in_the_past_is_refused() {
    on_both_engines(schema(), async |cx| {
        let new = |amount_minor, setup_minor, valid_from_on| NewPrice {
            owner_kind: OwnerKind::Product,
            owner_id: 1,
            currency: Currency::KWD,
            cycle: Cycle::Monthly,
            amount_minor,
            setup_minor,
            valid_from_on,
        };
        let huge = new(1_000_000_000_000_000_000, -1, None);
        assert_eq!(fields(bursar_catalog::put_price(&cx, huge).await.unwrap_err()), ["amount", "setup"]);
        let past = new(1, 1, Some(Date::new(2025, 12, 31).unwrap()));
        assert_eq!(fields(bursar_catalog::put_price(&cx, past).await.unwrap_err()), ["valid_from_on"]);
    });
}

#[test]
fn slugs_made_from_names_make_room_and_typed_ones_are_refused() {
    on_both_engines(schema(), async |cx| {
        let first = server(&cx, |_| {}).await;
        let second = server(&cx, |_| {}).await;
        let slug = async |id| {
            let found = cx.read(async move |tx| bursar_catalog::find_product(tx, id).await).await.unwrap();
            found.unwrap().details
        };
        assert_eq!((slug(first).await.slug.as_str(), slug(second).await.slug.as_str()), ("vps-2", "vps-2-2"));
        let mut details = slug(second).await;
        details.slug = "vps-2".to_owned();
        let refused = bursar_catalog::edit_product(&cx, second, 1, details).await.unwrap_err();
        assert_eq!(fields(refused), ["slug"]);
        let mut details = slug(second).await;
        details.trial_days = 400;
        details.prorate_to_day = Some(32);
        let refused = bursar_catalog::edit_product(&cx, second, 1, details).await.unwrap_err();
        assert_eq!(fields(refused), ["trial_days", "prorate_to_day"]);
        let details = slug(second).await;
        bursar_catalog::edit_product(&cx, second, 1, details.clone()).await.unwrap();
        let refused = bursar_catalog::edit_product(&cx, second, 1, details).await;
        assert!(matches!(refused, Err(CatalogError::Changed)));
    });
}

#[test]
fn the_last_piece_is_sold_once() {
    on_both_engines(schema(), async |cx| {
        let product = server(&cx, |d| (d.stock_control, d.stock_qty) = (true, 3)).await;
        let takes = (0..10).map(|_| {
            let cx = cx.cx();
            async move { cx.write(async move |tx| bursar_catalog::take_stock(tx, product, 1).await).await }
        });
        let outcomes = futures_util::future::join_all(takes).await;
        assert_eq!(outcomes.iter().filter(|o| o.is_ok()).count(), 3);
        assert!(
            outcomes.iter().all(|o| matches!(o, Ok(1) | Err(CatalogError::OutOfStock { left: 0 }))),
            "{outcomes:?}"
        );
        cx.write(async move |tx| bursar_catalog::return_stock(tx, product, 2).await).await.unwrap();
        let refused = cx.write(async move |tx| bursar_catalog::take_stock(tx, product, 3).await).await;
        assert!(matches!(refused, Err(CatalogError::OutOfStock { left: 2 })));
    });
}

const STRANGER: CouponBuyer = CouponBuyer { customer: None, has_bought: false };

fn ten_percent() -> CouponDetails {
    CouponDetails { code: " spring ".to_owned(), value_ppm: 100_000, ..CouponDetails::default() }
}

async fn refusal(
    cx: &TestCx,
    code: &'static str,
    buyer: CouponBuyer,
    priced: &PricedSelection,
) -> CouponRefused {
    let priced = priced.clone();
    let outcome = cx.read(async move |tx| bursar_catalog::check_coupon(tx, code, buyer, &priced).await).await;
    match outcome {
        Err(CouponError::Refused(refused)) => refused,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[test]
fn a_coupon_is_good_only_as_its_rules_say() {
    on_both_engines(schema(), async |cx| {
        let product = server(&cx, |_| {}).await;
        let priced = price(&cx, monthly(product)).await.unwrap();
        let id = bursar_catalog::create_coupon(&cx, ten_percent()).await.unwrap();
        let selection = priced.clone();
        let grant = cx
            .read(async move |tx| bursar_catalog::check_coupon(tx, "Spring", STRANGER, &selection).await)
            .await
            .unwrap();
        assert_eq!(
            (grant.coupon_id, grant.kind, grant.recurring_periods),
            (id, GrantKind::Percent(100_000), 1)
        );
        assert_eq!(refusal(&cx, "SPRIMG", STRANGER, &priced).await, CouponRefused::Unknown);

        let edit = async |change: fn(&mut CouponDetails, i64)| {
            let mut details = ten_percent();
            change(&mut details, product.get());
            bursar_catalog::edit_coupon(&cx, id, details).await.unwrap();
        };
        edit(|d, _| d.starts_on = Some(day(1, 2))).await;
        assert_eq!(refusal(&cx, "SPRING", STRANGER, &priced).await, CouponRefused::NotYet(day(1, 2)));
        edit(|d, _| d.expires_on = Some(Date::new(2025, 12, 31).unwrap())).await;
        assert!(matches!(refusal(&cx, "SPRING", STRANGER, &priced).await, CouponRefused::Expired(_)));
        edit(|d, other| d.products = [other + 1].into()).await;
        assert_eq!(refusal(&cx, "SPRING", STRANGER, &priced).await, CouponRefused::OtherProducts);
        edit(|d, _| d.cycles = ["annual".to_owned()].into()).await;
        assert_eq!(refusal(&cx, "SPRING", STRANGER, &priced).await, CouponRefused::OtherCycle);
        edit(|d, _| d.first_order_only = true).await;
        let regular = CouponBuyer { customer: Some(5), has_bought: true };
        assert_eq!(refusal(&cx, "SPRING", regular, &priced).await, CouponRefused::FirstOrderOnly);
        edit(|d, _| d.existing_customers_only = true).await;
        assert_eq!(refusal(&cx, "SPRING", STRANGER, &priced).await, CouponRefused::ExistingOnly);
        edit(|d, _| (d.kind, d.amounts) = (CouponKind::Fixed, [("USD".to_owned(), 500)].into())).await;
        assert_eq!(
            refusal(&cx, "SPRING", STRANGER, &priced).await,
            CouponRefused::OtherCurrency(Currency::EUR)
        );
        edit(|d, own| (d.products, d.expires_on) = ([own].into(), Some(day(1, 1)))).await;
        let good = cx
            .read(async move |tx| bursar_catalog::check_coupon(tx, "spring", STRANGER, &priced).await)
            .await;
        assert!(good.is_ok(), "the last day counts");
    });
}

#[test]
fn coupons_out_of_range_are_refused_with_what_to_do() {
    on_both_engines(schema(), async |cx| {
        let refused =
            bursar_catalog::create_coupon(&cx, CouponDetails { value_ppm: 1_500_000, ..ten_percent() }).await;
        let Err(CatalogError::Invalid(faults)) = refused else { panic!("{refused:?}") };
        assert_eq!(faults[0].field, "value");
        assert_eq!(faults[0].message, "150 % is not possible; enter more than 0 % and at most 100 %.");
        let wrong = CouponDetails {
            code: "two words".to_owned(),
            kind: CouponKind::Fixed,
            amounts: [("EUR".to_owned(), 0), ("XXQ".to_owned(), 5)].into(),
            starts_on: Some(day(2, 1)),
            expires_on: Some(day(1, 1)),
            max_uses: -1,
            cycles: ["fortnightly".to_owned()].into(),
            first_order_only: true,
            existing_customers_only: true,
            ..CouponDetails::default()
        };
        let names = fields(bursar_catalog::create_coupon(&cx, wrong).await.unwrap_err());
        assert_eq!(
            names,
            ["code", "amounts", "amounts", "expires_on", "max_uses", "cycles", "existing_customers_only"]
        );
        bursar_catalog::create_coupon(&cx, ten_percent()).await.unwrap();
        let same = CouponDetails { code: "SpRiNg".to_owned(), ..ten_percent() };
        assert_eq!(fields(bursar_catalog::create_coupon(&cx, same).await.unwrap_err()), ["code"]);
    });
}

#[test]
fn a_one_use_coupon_is_redeemed_once_however_many_try() {
    on_both_engines(schema(), async |cx| {
        let coupon = CouponDetails { max_uses: 1, ..ten_percent() };
        let coupon = bursar_catalog::create_coupon(&cx, coupon).await.unwrap();
        let tries =
            (1..=100).map(|n| {
                let cx = cx.cx();
                async move {
                    cx.write(async move |tx| bursar_catalog::redeem_coupon(tx, coupon, n, n).await).await
                }
            });
        let outcomes = futures_util::future::join_all(tries).await;
        assert_eq!(outcomes.iter().filter(|o| o.is_ok()).count(), 1);
        let used_up = |o: &Result<(), CouponError>| {
            matches!(o, Ok(()) | Err(CouponError::Refused(CouponRefused::UsedUp)))
        };
        assert!(outcomes.iter().all(used_up), "{outcomes:?}");
        let stored =
            cx.read(async move |tx| bursar_catalog::find_coupon(tx, coupon).await).await.unwrap().unwrap();
        assert_eq!(stored.uses, 1);
        let uses =
            cx.read(async move |tx| bursar_catalog::redemptions(tx, coupon, None, 9).await).await.unwrap();
        assert_eq!(uses.len(), 1);
    });
}

#[test]
fn one_customer_redeems_as_often_as_one_may_and_again_for_the_same_subscription_is_nothing() {
    on_both_engines(schema(), async |cx| {
        let coupon = CouponDetails { max_uses_per_customer: 1, ..ten_percent() };
        let coupon = bursar_catalog::create_coupon(&cx, coupon).await.unwrap();
        let redeem = |customer, subscription| {
            let cx = cx.cx();
            async move {
                cx.write(async move |tx| {
                    bursar_catalog::redeem_coupon(tx, coupon, customer, subscription).await
                })
                .await
            }
        };
        redeem(1, 10).await.unwrap();
        redeem(1, 10).await.unwrap();
        assert!(matches!(redeem(1, 11).await, Err(CouponError::Refused(CouponRefused::UsedByCustomer))));
        redeem(2, 12).await.unwrap();
        let stored =
            cx.read(async move |tx| bursar_catalog::find_coupon(tx, coupon).await).await.unwrap().unwrap();
        assert_eq!(stored.uses, 2, "the refused one was not counted");
    });
}
