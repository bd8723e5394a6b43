//! Customers through their public surface, on both engines.

#![allow(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

#[path = "customers/privacy.rs"]
mod privacy;

use bursar_context::Permissions;
use bursar_customers::{
    ContactDetails, Customer, CustomerDetails, CustomerError, GroupDetails, Grouping, NewCustomer, Postal,
    Status, TaxIdStatus,
};
use bursar_db::Migrations;
use bursar_fault::Fault;
use bursar_ids::{Actor, Id};
use bursar_money::Currency;
use bursar_testkit::{TestCx, on_both_engines};

fn schema() -> Vec<Migrations> {
    vec![bursar_events::migrations(), bursar_audit::migrations(), bursar_customers::migrations()]
}

fn ann() -> CustomerDetails {
    CustomerDetails {
        postal: Postal {
            first_name: "Ann".to_owned(),
            last_name: "Example".to_owned(),
            email: " Ann@Example.com ".to_owned(),
            country: "de".to_owned(),
            tax_id: "de123456789".to_owned(),
            ..Postal::default()
        },
        ..CustomerDetails::default()
    }
}

async fn make(cx: &TestCx, details: CustomerDetails) -> Id<Customer> {
    let new = NewCustomer { currency: Currency::EUR, details };
    bursar_customers::create_customer(cx, new).await.unwrap()
}

async fn get(cx: &TestCx, id: Id<Customer>) -> Customer {
    bursar_customers::get_customer(cx, id).await.unwrap()
}

fn fields(error: CustomerError) -> Vec<String> {
    let CustomerError::Invalid(fields) = error else { panic!("expected field errors, got {error:?}") };
    fields.into_iter().map(|f| f.field.into_owned()).collect()
}

#[test]
fn every_statement_is_understood_by_both_engines() {
    on_both_engines(schema(), async |cx| {
        cx.read(async |tx| {
            for statement in bursar_customers::statements() {
                tx.prepare(statement).await?;
            }
            Ok::<_, Fault>(())
        })
        .await
        .unwrap();
    });
}

#[test]
fn a_new_customer_is_tidied_stored_and_recorded() {
    on_both_engines(schema(), async |cx| {
        let id = make(&cx, ann()).await;
        let customer = get(&cx, id).await;
        assert_eq!(customer.details.postal.email, "ann@example.com");
        assert_eq!(customer.details.postal.country, "DE");
        assert_eq!(customer.details.postal.tax_id, "DE123456789");
        assert_eq!(customer.tax_id_status, TaxIdStatus::Unchecked);
        assert_eq!(customer.status, Status::Active);
        let log = cx
            .read(async move |tx| bursar_audit::list(tx, Some(&format!("customer:{id}")), None, 9).await)
            .await;
        assert_eq!(log.unwrap()[0].action, "customers.customer.create");
    });
}

#[test]
fn every_wrong_field_is_named_and_nothing_is_written() {
    on_both_engines(schema(), async |cx| {
        let mut details = ann();
        details.postal.email = "not an address".to_owned();
        details.postal.country = "XX".to_owned();
        details.postal.first_name.clear();
        details.postal.last_name.clear();
        details.language = "german".to_owned();
        let new = NewCustomer { currency: Currency::EUR, details };
        let refused = bursar_customers::create_customer(&cx, new).await.unwrap_err();
        assert_eq!(fields(refused), ["last_name", "email", "country", "language"]);
        let mut details = ann();
        details.group_id = Some(77);
        let new = NewCustomer { currency: Currency::EUR, details };
        let refused = bursar_customers::create_customer(&cx, new).await.unwrap_err();
        assert_eq!(fields(refused), ["group_id"]);
        assert_eq!(cx.read(async |tx| bursar_customers::count_active(tx).await).await.unwrap(), 0);
    });
}

#[test]
fn a_new_address_freezes_a_new_identity_and_leaves_the_old_one() {
    on_both_engines(schema(), async |cx| {
        let id = make(&cx, ann()).await;
        let before = get(&cx, id).await;
        let mut details = before.details.clone();
        details.postal.city = "Berlin".to_owned();
        bursar_customers::update_customer(&cx, id, before.version, details).await.unwrap();
        let after = get(&cx, id).await;
        assert_ne!(after.snapshot_id, before.snapshot_id);
        let ids = [before.snapshot_id, after.snapshot_id];
        let parties = cx.read(async move |tx| bursar_customers::snapshots(tx, &ids).await).await.unwrap();
        assert_eq!(parties[&before.snapshot_id].city, "");
        assert_eq!(parties[&after.snapshot_id].city, "Berlin");

        let mut details = after.details.clone();
        details.late_fee_exempt = true;
        bursar_customers::update_customer(&cx, id, after.version, details).await.unwrap();
        assert_eq!(get(&cx, id).await.snapshot_id, after.snapshot_id, "nothing printed has changed");
    });
}

#[test]
fn saving_over_somebody_elses_change_is_refused() {
    on_both_engines(schema(), async |cx| {
        let id = make(&cx, ann()).await;
        let seen = get(&cx, id).await;
        let mut first = seen.details.clone();
        first.postal.city = "Bonn".to_owned();
        bursar_customers::update_customer(&cx, id, seen.version, first).await.unwrap();
        let mut second = seen.details.clone();
        second.postal.city = "Ulm".to_owned();
        let refused = bursar_customers::update_customer(&cx, id, seen.version, second).await;
        assert!(matches!(refused, Err(CustomerError::Changed)));
        assert_eq!(get(&cx, id).await.details.postal.city, "Bonn");
    });
}

#[test]
fn an_answer_about_an_old_tax_number_is_dropped() {
    on_both_engines(schema(), async |cx| {
        let id = make(&cx, ann()).await;
        let set = |number: &'static str| {
            let cx = cx.cx();
            async move {
                cx.write(async move |tx| {
                    bursar_customers::set_tax_id_status(tx, id, number, TaxIdStatus::Valid).await
                })
                .await
                .unwrap()
            }
        };
        assert!(!set("DE000000000").await);
        assert_eq!(get(&cx, id).await.tax_id_status, TaxIdStatus::Unchecked);
        assert!(set("DE123456789").await);
        let customer = get(&cx, id).await;
        assert_eq!(customer.tax_id_status, TaxIdStatus::Valid);
        let mut details = customer.details.clone();
        details.postal.tax_id = "DE999999999".to_owned();
        bursar_customers::update_customer(&cx, id, customer.version, details).await.unwrap();
        assert_eq!(get(&cx, id).await.tax_id_status, TaxIdStatus::Unchecked);
    });
}

#[test]
fn the_billing_contact_is_printed_and_cannot_be_removed() {
    on_both_engines(schema(), async |cx| {
        let id = make(&cx, ann()).await;
        let other = make(&cx, ann()).await;
        let office = ContactDetails {
            postal: Postal {
                company: "Office GmbH".to_owned(),
                email: "office@example.com".to_owned(),
                country: "AT".to_owned(),
                ..Postal::default()
            },
            receives_invoices: true,
            ..ContactDetails::default()
        };
        let contact = bursar_customers::add_contact(&cx, id, office.clone()).await.unwrap();
        let stranger = get(&cx, other).await;
        let details = CustomerDetails { billing_contact_id: Some(contact), ..stranger.details };
        let refused = bursar_customers::update_customer(&cx, other, 1, details).await.unwrap_err();
        assert_eq!(fields(refused), ["billing_contact_id"]);

        let details = CustomerDetails { billing_contact_id: Some(contact), ..get(&cx, id).await.details };
        bursar_customers::update_customer(&cx, id, 1, details).await.unwrap();
        let mut moved = office;
        moved.postal.city = "Wien".to_owned();
        bursar_customers::update_contact(&cx, contact, moved).await.unwrap();
        let snapshot = get(&cx, id).await.snapshot_id;
        let party = cx.read(async move |tx| bursar_customers::snapshot(tx, snapshot).await).await.unwrap();
        assert_eq!((party.company.as_str(), party.city.as_str()), ("Office GmbH", "Wien"));
        assert_eq!(party.tax_id, "DE123456789", "the customer's, because the contact has none");
        let refused = bursar_customers::remove_contact(&cx, contact).await;
        assert!(matches!(refused, Err(CustomerError::ContactInUse)));
    });
}

#[test]
fn profiles_of_many_come_at_once_with_the_rules_of_their_group() {
    on_both_engines(schema(), async |cx| {
        let group = GroupDetails {
            name: "Wholesale".to_owned(),
            discount_ppm: 50_000,
            separate_invoices: true,
            dunning_exempt: true,
            ..GroupDetails::default()
        };
        let group = bursar_customers::add_group(&cx, group).await.unwrap();
        let plain = make(&cx, ann()).await;
        let grouped = make(&cx, CustomerDetails { group_id: Some(group), ..ann() }).await;
        bursar_customers::set_customer_status(&cx, grouped, Status::Closed).await.unwrap();
        let ids = vec![plain.get(), grouped.get(), 999_999];
        let profiles =
            cx.read(async move |tx| bursar_customers::billing_profiles(tx, &ids).await).await.unwrap();
        assert_eq!(profiles.len(), 2);
        let (plain, grouped) = (&profiles[&plain.get()], &profiles[&grouped.get()]);
        assert_eq!((plain.grouping, plain.group_discount_ppm, plain.active), (Grouping::Daily, 0, true));
        assert_eq!((grouped.grouping, grouped.group_discount_ppm), (Grouping::Separate, 50_000));
        assert!(grouped.dunning_exempt && !grouped.active);
        assert_eq!(plain.currency, Currency::EUR);
        let refused = bursar_customers::remove_group(&cx, group).await;
        assert!(matches!(refused, Err(CustomerError::GroupInUse)));
    });
}

#[test]
fn a_group_discount_over_one_hundred_percent_is_refused() {
    on_both_engines(schema(), async |cx| {
        let group = GroupDetails { name: "x".to_owned(), discount_ppm: 1_500_000, ..GroupDetails::default() };
        let refused = bursar_customers::add_group(&cx, group).await.unwrap_err();
        assert_eq!(fields(refused), ["discount_ppm"]);
        let group = GroupDetails { name: "x".to_owned(), ..GroupDetails::default() };
        bursar_customers::add_group(&cx, group.clone()).await.unwrap();
        assert_eq!(fields(bursar_customers::add_group(&cx, group).await.unwrap_err()), ["name"]);
    });
}

#[test]
fn a_search_needs_every_word_and_the_beginning_of_each_will_do() {
    on_both_engines(schema(), async |cx| {
        let mut made = Vec::new();
        for (name, company) in [("Ada Lovelace", "Engines & Co"), ("Bob 100%", ""), ("Ada Byron", "")] {
            let mut details = ann();
            details.postal.last_name = name.to_owned();
            details.postal.company = company.to_owned();
            made.push(make(&cx, details).await);
        }
        let find = async |text: &'static str| {
            let found = cx.read(async move |tx| bursar_customers::find_by_words(tx, text, 10).await).await;
            found.unwrap().into_iter().map(Id::new).collect::<Vec<Id<Customer>>>()
        };
        assert_eq!(find("ADA").await, [made[2], made[0]], "newest first");
        assert_eq!(find("ada engi").await, [made[0]]);
        assert_eq!(find("ada bob").await, []);
        assert_eq!(find("100%").await, [made[1]], "a sign is no word");
        assert_eq!(find("%").await, []);
        let number = made[1].to_string();
        let by_id = cx.read(async move |tx| bursar_customers::find_by_words(tx, &number, 10).await).await;
        assert_eq!(by_id.unwrap(), [made[1].get()], "a number is an id too");
        let few = cx.read(async |tx| bursar_customers::find_by_words(tx, "ada", 1).await).await.unwrap();
        assert_eq!(few, [made[2].get()]);
        let mut details = get(&cx, made[0]).await.details;
        details.postal.company = "Difference Works".to_owned();
        bursar_customers::update_customer(&cx, made[0], 1, details).await.unwrap();
        assert_eq!(find("engines").await, [], "what is no longer in the name is forgotten");
        assert_eq!(find("difference").await, [made[0]]);
    });
}

#[test]
fn imports_keep_ids_and_take_what_forms_would_refuse() {
    on_both_engines(schema(), async |cx| {
        let mut details = ann();
        details.postal.email = "two@@addresses".to_owned();
        let new = NewCustomer { currency: Currency::JPY, details };
        let id = Id::new(4_711);
        let at = bursar_testkit::START;
        cx.write(async move |tx| bursar_customers::import_customer(tx, id, &new, Status::Inactive, at).await)
            .await
            .unwrap();
        let customer = get(&cx, id).await;
        assert_eq!((customer.currency, customer.status), (Currency::JPY, Status::Inactive));
        let found =
            cx.read(async |tx| bursar_customers::find_by_email(tx, "TWO@@addresses").await).await.unwrap();
        assert_eq!(found, [id]);
    });
}

#[test]
fn without_the_permission_nothing_is_shown_or_changed() {
    on_both_engines(schema(), async |cx| {
        let id = make(&cx, ann()).await;
        let nobody = cx.for_actor(Actor::Staff(2), Permissions::none(), "test");
        assert!(matches!(bursar_customers::get_customer(&nobody, id).await, Err(CustomerError::Denied(_))));
        let refused = bursar_customers::set_customer_status(&nobody, id, Status::Banned).await;
        assert!(matches!(refused, Err(CustomerError::Denied(_))));
        assert_eq!(get(&cx, id).await.status, Status::Active);
    });
}

#[test]
fn notes_are_pinned_first_and_empty_ones_are_refused() {
    on_both_engines(schema(), async |cx| {
        let id = make(&cx, ann()).await;
        bursar_customers::add_note(&cx, id, "pinned".to_owned(), true).await.unwrap();
        let second = bursar_customers::add_note(&cx, id, "plain".to_owned(), false).await.unwrap();
        assert_eq!(
            fields(bursar_customers::add_note(&cx, id, "  ".to_owned(), false).await.unwrap_err()),
            ["body"]
        );
        let notes = cx.read(async move |tx| bursar_customers::notes_of(tx, id).await).await.unwrap();
        assert_eq!(notes.iter().map(|n| n.body.as_str()).collect::<Vec<_>>(), ["pinned", "plain"]);
        assert_eq!(notes[0].author, "staff 1");
        bursar_customers::remove_note(&cx, id, second).await.unwrap();
        assert!(matches!(
            bursar_customers::remove_note(&cx, id, second).await,
            Err(CustomerError::NotFound(_))
        ));
    });
}
