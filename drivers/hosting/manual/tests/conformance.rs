//! Cards through the contract's suite, with staff who do whatever they ask for.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use bursar_hosting::conformance::{self, OwnRig, Rig as _};
use bursar_hosting::handwork::{Act, CARDS, Card, Report, card_name};
use bursar_hosting::{Change, Creation, Hosting as _, IdempotencyKey, Operation, Resource, Tag};
use bursar_hosting_manual::Manual;
use bursar_outbound::{Jotter, Notebook as _, Settings};

/// Staff do everything that is to be done.
fn work(notes: &Jotter) {
    for (name, text) in notes.all() {
        let tag = Tag::new(name.strip_prefix(CARDS).unwrap()).unwrap();
        let after = Card::read(&text).unwrap().done(&tag, &Report::default()).map(|card| card.written());
        let written = notes.write(&name, Some(&text), after.as_deref());
        // A jotter answers at once.
        drop(written);
    }
}

fn live(notes: &Jotter, tag: &Tag) -> usize {
    let card = notes.all().remove(&card_name(tag)).map(|text| Card::read(&text).unwrap());
    usize::from(card.is_some_and(|card| card.thing.is_some()))
}

fn rig() -> OwnRig {
    let plan =
        |name: &str| Settings::none().with("plan", name).with("instructions", "Unpack it.\nPlug it in.");
    let mut rig = OwnRig::new(Box::new(Manual), plan("small machine"), plan("large machine"));
    rig.name = Some("one.example.net".to_owned());
    rig.live = live;
    rig.pass_time = work;
    rig
}

#[tokio::test]
async fn work_by_hand_conforms() {
    conformance::run(async || rig()).await;
}

fn operation(action: &str) -> Operation {
    Operation {
        key: IdempotencyKey::new(format!("b1:{action}:1")).unwrap(),
        resource: Resource::tagged(Tag::new("b1").unwrap()),
        task: None,
    }
}

fn card(rig: &OwnRig) -> Option<Card> {
    rig.notes.all().get("manual/b1").map(|text| Card::read(text).unwrap())
}

#[tokio::test]
async fn a_card_keeps_its_age_and_says_what_is_wanted() {
    let rig = rig();
    let create =
        || async { Manual.create(&rig.call(), &operation("create"), &rig.specification()).await.unwrap() };
    assert!(matches!(create().await, Creation::Working(_)));
    let first = card(&rig).unwrap();
    let to_do = first.to_do.as_ref().unwrap();
    assert_eq!((to_do.act, to_do.customer, to_do.asked_at), (Act::Create, Some(42), 1_767_268_800));
    assert_eq!(to_do.plan.get("plan").map(String::as_str), Some("small machine"));
    assert!(matches!(create().await, Creation::Working(_)));
    assert_eq!(card(&rig).unwrap(), first, "asking again changes nothing");
    work(&rig.notes);
    assert!(matches!(create().await, Creation::Done(_)));
}

#[tokio::test]
async fn what_nobody_has_made_needs_nobody_to_remove_it_and_a_newer_wish_replaces_an_older() {
    let rig = rig();
    Manual.create(&rig.call(), &operation("create"), &rig.specification()).await.unwrap();
    assert_eq!(Manual.terminate(&rig.call(), &operation("terminate")).await, Ok(Change::Done));
    assert_eq!(card(&rig), None);
    Manual.create(&rig.call(), &operation("create"), &rig.specification()).await.unwrap();
    work(&rig.notes);
    let suspended = Manual.suspend(&rig.call(), &operation("suspend"), "Invoice 7 is overdue").await;
    assert!(matches!(suspended, Ok(Change::Working(_))));
    assert_eq!(card(&rig).unwrap().to_do.unwrap().reason.as_deref(), Some("Invoice 7 is overdue"));
    // Paid before anybody got to it: it is not suspended, and nobody need do a thing.
    assert_eq!(Manual.resume(&rig.call(), &operation("resume")).await, Ok(Change::Done));
    assert_eq!(card(&rig).unwrap().to_do, None);
}
