//! TCAdmin over its fake, through the contract's suite, and what only it can do.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use bursar_fakeserver::FakeServer;
use bursar_hosting::conformance::{self, Fake as _, Rig as _, ServerRig};
use bursar_hosting::{
    AccessKind, Change, Creation, Door, Hosting as _, IdempotencyKey, Observed, Operation, Password, Power,
    PowerAction, Resizing as _, Resource, SignIn, Tag,
};
use bursar_hosting_tcadmin::TcAdmin;
use bursar_hosting_tcadmin::fake::{FakeTcAdmin, PASSWORD, USERNAME};
use bursar_outbound::{CallError, Credentials, Outbound, Recording, Settings};

async fn rig_over(fake: Arc<FakeTcAdmin>) -> ServerRig {
    let server = FakeServer::start(fake.clone()).await.unwrap();
    let game = |slots: &str| {
        Settings::none().with("game_id", "82").with("game_slots", slots).with("game_datacenter", "1")
    };
    ServerRig {
        hosting: Box::new(TcAdmin),
        settings: ServerRig::settings_for(&server)
            .with("username", USERNAME)
            .with("absent_words", "not found, does not exist"),
        fake,
        server: Some(server),
        credentials: Credentials::none().with("password", PASSWORD),
        bad_credentials: Credentials::none().with("password", "wrong-password-0123456789"),
        plan: game("16"),
        larger_plan: game("24"),
        name: None,
        outbound: Outbound::new(),
        recording: Recording::default(),
    }
}

async fn rig() -> ServerRig {
    rig_over(Arc::new(FakeTcAdmin::in_memory())).await
}

#[tokio::test]
async fn tcadmin_conforms() {
    conformance::run(rig).await;
}

#[tokio::test]
async fn voice_servers_conform_too() {
    let voice = |slots: &str| {
        Settings::none()
            .with("voice_id", "TEAMSPEAK3")
            .with("voice_slots", slots)
            .with("voice_datacenter", "2")
    };
    conformance::run_lifecycle(async || ServerRig {
        plan: voice("10"),
        larger_plan: voice("50"),
        ..rig().await
    })
    .await;
}

fn operation(name: &str, action: &str) -> Operation {
    Operation {
        key: IdempotencyKey::new(format!("{name}:{action}:1")).unwrap(),
        resource: Resource::tagged(Tag::new(name).unwrap()),
        task: None,
    }
}

async fn made(rig: &ServerRig, name: &str) -> Observed {
    match TcAdmin.create(&rig.call(), &operation(name, "create"), &rig.specification()).await {
        Ok(Creation::Done(seen)) => *seen,
        other => panic!("{name} is made, not {other:?}"),
    }
}

/// The words that an installation does not know stop making, and nothing is made twice or by mistake.
#[tokio::test]
async fn a_panel_with_other_words_for_absence_makes_nothing_until_staff_know_them() {
    let fake = Arc::new(FakeTcAdmin::in_memory());
    let mut rig = rig_over(fake.clone()).await;
    fake.say_of_absence("Kein solcher Dienst");
    let problems = TcAdmin.test_connection(&rig.call()).await.unwrap().problems;
    assert!(problems.len() == 1 && problems[0].contains("Kein solcher Dienst"), "{problems:?}");
    let refused = TcAdmin.create(&rig.call(), &operation("b1", "create"), &rig.specification()).await;
    let Err(CallError::Refused(why)) = refused else { panic!("{refused:?}") };
    assert!(why.contains("Kein solcher Dienst") && why.contains("words for absence"), "{why}");
    let gone = TcAdmin.terminate(&rig.call(), &operation("b1", "terminate")).await;
    assert!(matches!(gone, Err(CallError::Refused(_))), "and nothing is taken for gone: {gone:?}");
    assert_eq!(fake.live(&Tag::new("b1").unwrap()), 0);
    rig.settings.set("absent_words", "kein solcher");
    assert_eq!(TcAdmin.test_connection(&rig.call()).await.unwrap().problems, Vec::<String>::new());
    made(&rig, "b1").await;
    assert_eq!(fake.live(&Tag::new("b1").unwrap()), 1);
}

#[tokio::test]
async fn a_suspended_service_is_not_made_again_although_it_does_not_start() {
    let fake = Arc::new(FakeTcAdmin::in_memory());
    let rig = rig_over(fake.clone()).await;
    made(&rig, "b1").await;
    assert_eq!(TcAdmin.suspend(&rig.call(), &operation("b1", "suspend"), "overdue").await, Ok(Change::Done));
    let again = TcAdmin.create(&rig.call(), &operation("b1", "create"), &rig.specification()).await;
    assert!(matches!(again, Err(CallError::Refused(_))), "{again:?}");
    assert_eq!(fake.live(&Tag::new("b1").unwrap()), 1);
    let start = Power::power(&TcAdmin, &rig.call(), &operation("b1", "start"), PowerAction::Start).await;
    assert_eq!(start, Ok(Change::Failed { why: "A suspended service cannot be started.".to_owned() }));
}

/// Looking for what is there leaves alone what runs: one start for each time that it was looked for, no restart.
#[tokio::test]
async fn whoever_has_a_user_at_the_panel_keeps_its_name_and_password() {
    let fake = Arc::new(FakeTcAdmin::in_memory());
    let rig = rig_over(fake.clone()).await;
    fake.add_user("42", "ann", "her-own-password");
    let there = made(&rig, "b1").await;
    let name = there.access.iter().find(|fact| fact.kind == AccessKind::Username).unwrap();
    assert_eq!(name.value, "ann");
    assert_eq!(fake.password_of("42").as_deref(), Some("her-own-password"));
    let kept = Resource::tagged(Tag::new("b1").unwrap()).at(there.reference.clone());
    let again = Operation { resource: kept.clone(), ..operation("b1", "create") };
    let Ok(Creation::Done(same)) = TcAdmin.create(&rig.call(), &again, &rig.specification()).await else {
        panic!()
    };
    assert_eq!(*same, there, "what the first answer told is kept in the reference");
    let asked = Operation { resource: kept, ..operation("b1", "password") };
    let passwords = TcAdmin.passwords().unwrap();
    let changed = passwords.set_password(&rig.call(), &asked, &Password::new("Tz9-brisk-Heron?77")).await;
    assert_eq!(changed, Ok(Change::Done));
    assert_eq!(fake.password_of("42").as_deref(), Some("Tz9-brisk-Heron?77"));
    assert_eq!(fake.start_count(), 1, "the second creation looked once");
}

#[tokio::test]
async fn a_change_names_every_limit_and_never_another_game() {
    let fake = Arc::new(FakeTcAdmin::in_memory());
    let rig = rig_over(fake.clone()).await;
    let tag = Tag::new("b1").unwrap();
    let there = made(&rig, "b1").await;
    let kept = Resource::tagged(tag.clone()).at(there.reference);
    let asked = Operation { resource: kept, ..operation("b1", "resize") };
    let mut wanted = rig.larger();
    wanted.plan.set("game_private", "1");
    assert_eq!(TcAdmin.resize(&rig.call(), &asked, &wanted).await, Ok(Change::Done));
    let told = |name| fake.setting_of(&tag, name).unwrap();
    assert_eq!(
        (told("game_slots"), told("game_private"), told("game_branded"), told("game_priority")),
        ("24".to_owned(), "1".to_owned(), "0".to_owned(), "Normal".to_owned())
    );
    wanted.plan.set("game_id", "17");
    let other = TcAdmin.resize(&rig.call(), &asked, &wanted).await;
    assert!(matches!(other, Ok(Change::Failed { .. })), "{other:?}");
    assert_eq!(told("game_id"), "82");
}

#[tokio::test]
async fn the_way_in_is_a_plain_address_without_a_password() {
    let rig = rig().await;
    let there = made(&rig, "b1").await;
    rig.exchanges();
    let resource = Resource::tagged(Tag::new("b1").unwrap()).at(there.reference);
    let link = SignIn::sign_in(&TcAdmin, &rig.call(), &resource, Door::Panel).await.unwrap().unwrap();
    let base = rig.settings.text("url").unwrap();
    assert_eq!(link.expose(), format!("{base}/Interface/Base/Home.aspx?GoToServiceBillingID=b1"));
    assert_eq!(rig.exchanges(), [], "nothing is asked for it");
}

#[tokio::test]
async fn a_page_instead_of_an_answer_is_no_outcome() {
    let mut rig = rig().await;
    let elsewhere = format!("{}/elsewhere", rig.settings.text("url").unwrap());
    rig.settings.set("url", elsewhere);
    let answer = TcAdmin.create(&rig.call(), &operation("b1", "create"), &rig.specification()).await;
    assert!(matches!(answer, Err(CallError::Unreadable(_))), "{answer:?}");
    let gone = TcAdmin.terminate(&rig.call(), &operation("b1", "terminate")).await;
    assert!(matches!(gone, Err(CallError::Unreadable(_))), "a page is not absence: {gone:?}");
}
