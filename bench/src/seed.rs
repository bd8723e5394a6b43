//! A business with many subscriptions that fall due on one day.

use bursar_billing::subscriptions::store::{NewItem, NewSubscription, insert_items, insert_subscriptions};
use bursar_billing::subscriptions::{Item, Mode, Status, Subscription};
use bursar_billing::taxes::{self, TaxRule};
use bursar_billing::{sellers, settings};
use bursar_context::{Cx, settings as stored};
use bursar_customers::{CustomerDetails, Grouping, NewCustomer, Postal};
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_money::{Currency, Ppm};
use bursar_time::{Anchor, Cycle, Date};

/// Subscriptions of one customer.
pub const PER_CUSTOMER: i64 = 4;
const CUSTOMERS_PER_BATCH: i64 = 1_000;

/// Makes `subscriptions` monthly subscriptions that are all due on `due`, each on an invoice of its own.
pub async fn business(cx: &Cx, subscriptions: i64, due: Date) -> Result<(), Fault> {
    grouped_business(cx, subscriptions, due, Grouping::Separate).await
}

/// The same, with those of one customer on one invoice or on one each.
pub async fn grouped_business(
    cx: &Cx,
    subscriptions: i64,
    due: Date,
    grouping: Grouping,
) -> Result<(), Fault> {
    cx.write(async |tx: &mut Tx| {
        let seller =
            sellers::Seller { name: "Bench Hosting".into(), country: "DE".into(), ..Default::default() };
        sellers::set(tx, &seller).await?;
        let settings = settings::BillingSettings { lead_days: 0, ..Default::default() };
        stored::set(tx, settings::KEY, &settings).await?;
        for (id, country, ppm) in [(1, "DE", 190_000), (2, "FR", 200_000)] {
            let rule = TaxRule {
                id,
                level: 1,
                name: "VAT".into(),
                country: country.into(),
                state: String::new(),
                rate: Ppm::new(ppm),
            };
            taxes::store::insert(tx, &rule).await?;
        }
        Ok::<_, Fault>(())
    })
    .await?;
    let customers = (subscriptions + PER_CUSTOMER - 1) / PER_CUSTOMER;
    let mut from = 0;
    while from < customers {
        let to = (from + CUSTOMERS_PER_BATCH).min(customers);
        cx.write_batch(async move |tx: &mut Tx| batch(tx, (from, to), subscriptions, due, grouping).await)
            .await?;
        from = to;
    }
    Ok(())
}

async fn batch(
    tx: &mut Tx,
    (from, to): (i64, i64),
    subscriptions: i64,
    due: Date,
    grouping: Grouping,
) -> Result<(), Fault> {
    let (mut rows, mut items) = (Vec::new(), Vec::new());
    for customer in from..to {
        let id = 10_000_000 + customer;
        let now = tx.now();
        let customer_id = Id::new(id);
        bursar_customers::import_customer(
            tx,
            customer_id,
            &person(customer, grouping),
            bursar_customers::Status::Active,
            now,
        )
        .await?;
        for n in (customer * PER_CUSTOMER)..((customer + 1) * PER_CUSTOMER).min(subscriptions) {
            let (row, item) = subscription(n, id, due)?;
            rows.push(row);
            items.push(item);
        }
    }
    insert_subscriptions(tx, &rows).await?;
    insert_items(tx, &items).await
}

fn person(n: i64, grouping: Grouping) -> NewCustomer {
    let country = ["DE", "FR", "US", "BD"][usize::try_from(n % 4).expect("below four")];
    let postal = Postal {
        first_name: format!("First{n}"),
        last_name: format!("Last{n}"),
        email: format!("customer{n}@example.org"),
        address1: format!("Street {n}"),
        city: "City".into(),
        postcode: "10115".into(),
        country: country.into(),
        ..Postal::default()
    };
    let details = CustomerDetails { postal, grouping, ..CustomerDetails::default() };
    NewCustomer { currency: Currency::EUR, details }
}

fn subscription(n: i64, customer_id: i64, due: Date) -> Result<(NewSubscription, NewItem), Fault> {
    let anchor = Anchor::anniversary(due);
    let calendar = |e| Fault::new("the bench's calendar is wrong").caused_by(e);
    let next = anchor.period(Cycle::Monthly, 0).map_err(calendar)?;
    let id = 20_000_000 + n;
    let core = Subscription {
        id,
        customer_id,
        label: "VPS-2".into(),
        currency: Currency::EUR,
        cycle: Cycle::Monthly,
        mode: Mode::Prepaid,
        status: Status::Active,
        anchor,
        next,
        next_bill_on: Some(due),
        lead_days: 0,
        cancel_on: None,
        periods_left: None,
        version: 1,
    };
    let row = NewSubscription {
        core,
        product_id: None,
        trial_ends_on: None,
        paused_on: None,
        ended_on: None,
        gateway: "sandbox".into(),
        started_on: due,
        source: "import",
        legacy: None,
    };
    let item = Item {
        id: 40_000_000 + n,
        subscription_id: id,
        description: "VPS-2, 4 GB RAM, 80 GB SSD".into(),
        quantity: 1,
        unit_minor: 500 + (n * 37) % 9_500,
        setup_minor: 0,
        setup_due: false,
        taxable: true,
        billed_from_on: due,
        version: 1,
    };
    let item =
        NewItem { item, kind: "product", source_id: None, value_id: None, ended_on: None, legacy: None };
    Ok((row, item))
}
