//! Pieces of limited stock that a subscription holds: taken when it is sold, exchanged with its product, put back when
//! it is over and the product's rule says so.
//!
//! What is held is written on the subscription, so that exactly what was taken goes back, and only once, also when the
//! product began or ceased to have limited stock in between.

use std::collections::BTreeMap;

use bursar_catalog::{CatalogError, Product, StockReturn};
use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_time::Date;

use super::Status;
use crate::changes::target::from_catalog;
use crate::error::BillError;

bursar_db::statements! {
    /// What some subscriptions hold. An imported one about which nothing is written holds what it has.
    pub(crate) HELD = "SELECT id, product_id, held FROM (
            SELECT s.id AS id, s.product_id AS product_id, COALESCE(s.stock_held, CASE WHEN s.source = 'import' THEN (
                SELECT CAST(SUM(i.quantity) AS BIGINT) FROM billing_items i
                WHERE i.subscription_id = s.id AND i.kind = 'product' AND i.ended_on IS NULL) END, 0) AS held
            FROM billing_subscriptions s WHERE s.id {any:$1} AND s.product_id IS NOT NULL) AS h
        WHERE held > 0 ORDER BY product_id, id";
    /// Terms that have run out by a day and hold something.
    pub(crate) RUN_OUT = "SELECT id FROM billing_subscriptions
        WHERE status = 'ended' AND cycle <> 'one_time' AND stock_held > 0 AND ended_on <= $1
        ORDER BY ended_on, id LIMIT $2";
    /// Notes what a subscription holds now.
    pub(crate) HOLD = "UPDATE billing_subscriptions SET stock_held = $2 WHERE id = $1";
}

struct Held {
    subscription_id: i64,
    product: Id<Product>,
    pieces: i64,
}

async fn held(tx: &mut Tx, subscriptions: &[i64]) -> Result<Vec<Held>, Fault> {
    let read =
        |row: &Row<'_>| Ok(Held { subscription_id: row.get(0)?, product: row.get(1)?, pieces: row.get(2)? });
    tx.query(&HELD, params![subscriptions], read).await
}

/// Takes what is sold from stock and returns how many pieces that were: none of a product without limited stock.
///
/// # Errors
/// [`BillError::Refused`] when there are fewer.
pub(crate) async fn take(tx: &mut Tx, product: i64, units: i64) -> Result<i64, BillError> {
    bursar_catalog::take_stock(tx, Id::new(product), units).await.map_err(|error| match error {
        CatalogError::Fault(fault) => BillError::Fault(fault),
        other => from_catalog(&other),
    })
}

/// Notes what a subscription holds.
pub(crate) async fn hold(tx: &mut Tx, subscription_id: i64, pieces: i64) -> Result<(), Fault> {
    tx.exec_one(&HOLD, params![subscription_id, pieces]).await
}

/// A change of product or quantity: what was held goes back, and the new pieces are taken. `to` is product and units.
pub(crate) async fn exchange(
    tx: &mut Tx,
    subscription_id: i64,
    to: Option<(i64, i64)>,
) -> Result<(), BillError> {
    for held in held(tx, &[subscription_id]).await? {
        put_back(tx, held.product, held.pieces).await?;
    }
    let pieces = match to {
        // An imported subscription may name a product that was never brought in.
        Some((product, units)) if bursar_catalog::find_product(tx, Id::new(product)).await?.is_some() => {
            take(tx, product, units).await?
        }
        _ => 0,
    };
    Ok(hold(tx, subscription_id, pieces).await?)
}

/// A sale came to nothing: whatever the subscription still holds goes back, also of what is sold once. Twice gives back
/// once.
///
/// # Errors
/// Faults of the database.
pub async fn give_back(tx: &mut Tx, subscription_id: i64) -> Result<(), Fault> {
    release(tx, &[subscription_id], Status::Pending).await
}

/// Subscriptions are over, of which `was` is the status before: puts back what their products' rules say. Runs before
/// the items are ended, in the transaction that ends them.
pub(crate) async fn release(tx: &mut Tx, subscriptions: &[i64], was: Status) -> Result<(), Fault> {
    let mut rules: BTreeMap<i64, StockReturn> = BTreeMap::new();
    for held in held(tx, subscriptions).await? {
        let rule = match rules.get(&held.product.get()) {
            Some(rule) => *rule,
            None => {
                let product = bursar_catalog::find_product(tx, held.product).await?;
                let rule = product.map_or(StockReturn::Unstarted, |product| product.details.stock_return);
                rules.insert(held.product.get(), rule);
                rule
            }
        };
        let goes_back = match rule {
            StockReturn::Unstarted => was == Status::Pending,
            StockReturn::Ended => true,
        };
        if goes_back {
            put_back(tx, held.product, held.pieces).await?;
        }
        hold(tx, held.subscription_id, 0).await?;
    }
    Ok(())
}

/// As [`release`] for up to `limit` terms that have run out by a day; returns how many those were. The run ends a term
/// when it bills its last period, which still has to pass.
pub(crate) async fn release_run_out(tx: &mut Tx, as_of: Date, limit: i64) -> Result<usize, Fault> {
    let over = tx.query(&RUN_OUT, params![as_of, limit], |row| row.get::<i64>(0)).await?;
    release(tx, &over, Status::Ended).await?;
    Ok(over.len())
}

async fn put_back(tx: &mut Tx, product: Id<Product>, pieces: i64) -> Result<(), Fault> {
    bursar_catalog::return_stock(tx, product, pieces).await.map_err(|error| match error {
        CatalogError::Fault(fault) => fault,
        other => Fault::new(format!("stock did not go back: {other}")),
    })
}

#[cfg(test)]
mod tests {
    use bursar_catalog::ProductDetails;
    use bursar_money::Currency;
    use bursar_testkit::{TestCx, on_both_engines};

    use super::*;
    use crate::changes::apply::change_now_or_later;
    use crate::changes::{Change, ChangeOptions, Choice, Credit, When};
    use crate::subscriptions::detail::ItemKind;
    use crate::subscriptions::fixture::*;
    use crate::subscriptions::lifecycle;
    use crate::subscriptions::subscribe::{Opening, OpeningItem};

    async fn edit(cx: &TestCx, product: i64, edit: impl Fn(&mut ProductDetails) + Send + 'static) {
        cx.write(async move |tx: &mut Tx| {
            let id = Id::new(product);
            let mut found = bursar_catalog::find_product(tx, id).await?.expect("it is there");
            edit(&mut found.details);
            bursar_catalog::update_product(tx, id, found.version, &found.details)
                .await
                .map_err(|error| Fault::new(error.to_string()))
        })
        .await
        .unwrap();
    }

    async fn limit(cx: &TestCx, product: i64, left: i64, rule: StockReturn) {
        edit(cx, product, move |it| {
            (it.stock_control, it.stock_qty, it.stock_return) = (true, left, rule);
        })
        .await;
    }

    async fn left(cx: &TestCx, product: i64) -> i64 {
        cx.read(async move |tx: &mut Tx| bursar_catalog::find_product(tx, Id::new(product)).await)
            .await
            .unwrap()
            .unwrap()
            .details
            .stock_qty
    }

    async fn cancel(cx: &TestCx, id: i64, when: When) {
        cx.write(async move |tx: &mut Tx| lifecycle::cancel(tx, id, when, "", Credit::Forfeit).await)
            .await
            .unwrap();
    }

    #[test]
    fn a_piece_comes_back_when_the_rule_of_its_product_says_so() {
        on_both_engines(schema(), async |cx| {
            business(&cx).await;
            let (ann, shop) = (customer(&cx, Currency::EUR).await, shop(&cx).await);
            // Cancelled before it starts, cancelled at once, cancelled at the end of what is paid.
            for (rule, after) in [(StockReturn::Unstarted, [5, 4, 3]), (StockReturn::Ended, [5, 5, 5])] {
                go_to(&cx, "2026-04-01");
                limit(&cx, shop.small, 5, rule).await;
                let waits = subscribe(&cx, order(ann, shop.small, "2026-05-01")).await.subscription_id;
                assert_eq!(left(&cx, shop.small).await, 4);
                cancel(&cx, waits, When::Now).await;
                assert_eq!(left(&cx, shop.small).await, after[0], "{rule:?}");
                let runs = subscribe(&cx, order(ann, shop.small, "2026-04-01")).await.subscription_id;
                cancel(&cx, runs, When::Now).await;
                assert_eq!(left(&cx, shop.small).await, after[1], "{rule:?}");
                let ends = subscribe(&cx, order(ann, shop.small, "2026-04-01")).await.subscription_id;
                cancel(&cx, ends, When::PeriodEnd).await;
                assert_eq!(left(&cx, shop.small).await, after[1] - 1, "not before its day");
                night_of(&cx, "2026-05-01").await;
                assert_eq!(left(&cx, shop.small).await, after[2], "{rule:?}");
            }
            all_is_well(&cx).await;
        });
    }

    #[test]
    fn a_term_that_runs_out_gives_its_pieces_back() {
        on_both_engines(schema(), async |cx| {
            business(&cx).await;
            let (ann, shop) = (customer(&cx, Currency::EUR).await, shop(&cx).await);
            go_to(&cx, "2026-04-01");
            limit(&cx, shop.small, 5, StockReturn::Ended).await;
            edit(&cx, shop.small, |it| it.recurring_limit = 2).await;
            let mut two = order(ann, shop.small, "2026-04-01");
            two.selection.quantity = 2;
            let id = subscribe(&cx, two).await.subscription_id;
            assert_eq!(left(&cx, shop.small).await, 3);
            night_of(&cx, "2026-05-01").await;
            assert_eq!(subscription(&cx, id).await.core.status, Status::Ended);
            assert_eq!(left(&cx, shop.small).await, 3, "May is billed and has to pass");
            night_of(&cx, "2026-06-01").await;
            assert_eq!(left(&cx, shop.small).await, 5);
            night_of(&cx, "2026-06-02").await;
            assert_eq!(left(&cx, shop.small).await, 5);
        });
    }

    #[test]
    fn a_switch_frees_one_product_and_takes_the_other() {
        on_both_engines(schema(), async |cx| {
            business(&cx).await;
            let (ann, shop) = (customer(&cx, Currency::EUR).await, shop(&cx).await);
            go_to(&cx, "2026-04-01");
            limit(&cx, shop.small, 5, StockReturn::Unstarted).await;
            limit(&cx, shop.large, 1, StockReturn::Ended).await;
            let id = subscribe(&cx, order(ann, shop.small, "2026-04-01")).await.subscription_id;
            let to = async |product: i64, quantity: i64| {
                let choice = Choice { product, quantity, options: Vec::new(), addons: Vec::new() };
                let change = Change::Switch(choice);
                let options = ChangeOptions { credit: Credit::Forfeit, ..ChangeOptions::default() };
                cx.write(async move |tx: &mut Tx| change_now_or_later(tx, id, &change, options, None).await)
                    .await
            };
            to(shop.large, 1).await.unwrap();
            assert_eq!((left(&cx, shop.small).await, left(&cx, shop.large).await), (5, 0));
            let refused = to(shop.large, 2).await.unwrap_err();
            assert!(refused.to_string().contains("1"), "one is there, its own: {refused}");
            assert_eq!(left(&cx, shop.large).await, 0, "what was refused moved nothing");
            to(shop.small, 3).await.unwrap();
            assert_eq!((left(&cx, shop.small).await, left(&cx, shop.large).await), (2, 1));
        });
    }

    #[test]
    fn only_what_was_taken_goes_back() {
        on_both_engines(schema(), async |cx| {
            business(&cx).await;
            let (ann, shop) = (customer(&cx, Currency::EUR).await, shop(&cx).await);
            go_to(&cx, "2026-04-01");
            let unlimited = subscribe(&cx, order(ann, shop.small, "2026-04-01")).await.subscription_id;
            limit(&cx, shop.small, 5, StockReturn::Ended).await;
            cancel(&cx, unlimited, When::Now).await;
            assert_eq!(left(&cx, shop.small).await, 5, "it was sold before stock was counted");
            // The old system took an imported one's pieces.
            let imported = Opening {
                product_id: Some(shop.small),
                source: "import",
                items: vec![OpeningItem {
                    kind: ItemKind::Product,
                    source_id: Some(shop.small),
                    quantity: 2,
                    ..item(1_000)
                }],
                ..monthly(ann, "2026-04-01", 1_000)
            };
            let imported = open(&cx, imported).await.subscription_id;
            assert_eq!(left(&cx, shop.small).await, 5);
            cancel(&cx, imported, When::Now).await;
            assert_eq!(left(&cx, shop.small).await, 7);
        });
    }
}
