//! What a driver says of itself, of the vendor, and of nobody's secrets.

use std::collections::BTreeSet;

use bursar_outbound::CallError;

use super::drive::{calmly, made, observed, operation, operation_on, tag};
use super::offers::offered;
use super::rig::{PASSWORD, Rig, Trouble};
use crate::{Capability, NameUse, Resource, Setting, SettingKind, Sight, State, check};

pub(super) fn the_manifest_is_sound<R: Rig>(rig: &R) {
    let manifest = rig.hosting().manifest();
    let spelled = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    assert!(!manifest.id.is_empty() && manifest.id.chars().all(spelled), "the id is a word of small letters");
    assert!(!manifest.name.is_empty() && manifest.summary.ends_with('.'), "the summary is a sentence");
    assert!(manifest.pace.at_once > 0);
    for form in [manifest.server_settings, manifest.plan_settings] {
        let names: BTreeSet<&str> = form.iter().map(|setting| setting.name).collect();
        assert_eq!(names.len(), form.len(), "a name is given twice");
        form.iter().for_each(the_setting_is_sound);
    }
    let secret_in_plan = manifest.plan_settings.iter().find(|setting| setting.kind.is_secret());
    assert_eq!(secret_in_plan, None, "a product's settings are read by many people");
    let call = rig.call();
    assert_eq!(check(manifest.server_settings, call.settings()), [], "the suite's own settings pass");
    for setting in manifest.server_settings.iter().filter(|s| s.kind.is_secret() && s.required) {
        assert!(call.credentials().get(setting.name).is_some(), "the suite has the secret {}", setting.name);
    }
    for specification in [rig.specification(), rig.larger()] {
        assert_eq!(check(manifest.plan_settings, &specification.plan), [], "the suite's own plans pass");
        assert_eq!(specification.name.is_some(), manifest.name_use != NameUse::None);
    }
    assert_ne!(rig.specification().plan, rig.larger().plan);
}

fn the_setting_is_sound(setting: &Setting) {
    assert!(!setting.label.is_empty() && !setting.help.is_empty(), "{} is explained", setting.name);
    assert!(
        !(setting.kind.is_secret() && setting.default.is_some()),
        "{}: a secret has no default",
        setting.name
    );
    if let Some(default) = setting.default {
        let only = [(setting.name, default)].into_iter().collect();
        assert_eq!(
            check(std::slice::from_ref(setting), &only),
            [],
            "{}'s own default is wrong",
            setting.name
        );
    }
    if let SettingKind::Choice(choices) = setting.kind {
        assert!(choices.len() > 1, "{}: a choice has more than one", setting.name);
    }
}

pub(super) async fn the_connection_is_tested<R: Rig>(rig: &R) {
    let connection = rig.hosting().test_connection(&rig.call()).await.expect("a good server answers");
    assert_eq!(connection.problems, Vec::<String>::new(), "a good server has no problems");
}

pub(super) async fn the_eye_says_what_was_made<R: Rig>(rig: &R) {
    let seen = tag("seen1");
    assert_eq!(observed(rig, &seen).await, None, "what was never made is not there");
    let made = made(rig, &seen).await;
    let there = observed(rig, &seen).await.expect("it is there");
    assert_eq!(there, made, "creating and looking tell the same");
    assert_eq!(there.state, State::Running);
    let specification = rig.specification();
    assert!(there.plan.iter().next().is_some(), "a plan that cannot be seen cannot be compared");
    for (name, value) in there.plan.iter() {
        assert_eq!(specification.plan.text(name), Some(value), "{name} is as it was ordered");
    }
    if rig.hosting().manifest().name_use != NameUse::None {
        assert_eq!(there.name, specification.name, "the name is as it was ordered");
    }
    let by_reference = Resource::tagged(seen.clone()).at(there.reference.clone());
    let found = rig.hosting().observe(&rig.call(), &by_reference).await.expect("asking works");
    assert_eq!(found, Some(there.clone()), "the reference leads there too");
    let of_another = Resource::tagged(tag("somebody")).at(there.reference);
    let found = rig.hosting().observe(&rig.call(), &of_another).await.expect("asking works");
    assert_eq!(found, None, "a reference to another's object is not believed");
}

pub(super) async fn a_question_without_an_answer_is_never_absence<R: Rig>(rig: &R) {
    let there = tag("there");
    made(rig, &there).await;
    for trouble in [
        Trouble::Refuse,
        Trouble::RateLimit,
        Trouble::LoseQuestion,
        Trouble::FailQuestion,
        Trouble::GarbleQuestion,
    ] {
        rig.trouble(trouble);
        let answer = rig.hosting().observe(&rig.call(), &Resource::tagged(there.clone())).await;
        assert!(answer.is_err(), "{trouble:?} is an error, never an observation: {answer:?}");
        rig.forget_trouble();
    }
    let terminated = {
        rig.trouble(Trouble::GarbleQuestion);
        rig.hosting().terminate(&rig.call(), &operation(&there, "terminate")).await
    };
    assert!(terminated.is_err(), "what could not be looked for is not gone: {terminated:?}");
    assert_eq!(rig.live(&there), 1);
}

pub(super) async fn a_server_that_is_gone_was_not_reached<R: Rig>(mut rig: R) {
    let gone = tag("gone");
    rig.vanish();
    let call = rig.call();
    let create = rig.hosting().create(&call, &operation(&gone, "create"), &rig.specification()).await;
    assert!(matches!(create, Err(CallError::NotSent(_))), "{create:?}");
    if rig.hosting().manifest().sight == Sight::Clear {
        let observe = rig.hosting().observe(&call, &Resource::tagged(gone.clone())).await;
        assert!(matches!(observe, Err(CallError::NotSent(_))), "{observe:?}");
    }
    let terminate = rig.hosting().terminate(&call, &operation(&gone, "terminate")).await;
    assert!(
        matches!(terminate, Err(CallError::NotSent(_))),
        "a server that is gone confirms nothing: {terminate:?}"
    );
}

pub(super) async fn bad_credentials_are_said<R: Rig>(rig: &R) {
    let locked = tag("locked");
    let call = || rig.call_with_bad_credentials();
    let hosting = rig.hosting();
    let operation = operation(&locked, "any");
    let mut answers = vec![
        ("test", hosting.test_connection(&call()).await.err()),
        ("create", hosting.create(&call(), &operation, &rig.specification()).await.err()),
        ("suspend", hosting.suspend(&call(), &operation, "overdue").await.err()),
        ("resume", hosting.resume(&call(), &operation).await.err()),
        ("terminate", hosting.terminate(&call(), &operation).await.err()),
    ];
    if hosting.manifest().sight == Sight::Clear {
        answers.push(("observe", hosting.observe(&call(), &operation.resource).await.err()));
    }
    for (name, answer) in answers {
        let Some(CallError::BadCredentials(text)) = &answer else { panic!("{name}: {answer:?}") };
        for secret in secrets(rig) {
            assert!(!text.contains(&secret), "{name}: an error shows a secret");
        }
    }
    assert_eq!(rig.live(&locked), 0);
}

/// A driver whose vendor is ourselves asks nobody, and forgets nothing because it remembers nothing.
pub(super) async fn nothing_outside_is_reached<R: Rig>(rig: &R) {
    let ours = tag("ours");
    let there = made(rig, &ours).await;
    let terminated =
        calmly(rig, operation(&ours, "terminate"), async |call, op| rig.hosting().terminate(call, op).await);
    assert_eq!(terminated.await, crate::Change::Done);
    assert_eq!(rig.exchanges(), [], "nothing is asked outside");
    let by_reference = Resource::tagged(ours).at(there.reference);
    let found = rig.hosting().observe(&rig.call(), &by_reference).await;
    assert_eq!(found, Ok(None), "what was struck out is gone, whatever its reference");
}

/// Goes through a service's life, with trouble, and reads everything that was taken down.
pub(super) async fn nothing_secret_is_recorded<R: Rig>(rig: &R) {
    let life = tag("life");
    let hosting = rig.hosting();
    let mut said = String::new();
    said += &format!("{:?}", hosting.test_connection(&rig.call_with_bad_credentials()).await);
    rig.trouble(Trouble::GarbleChange);
    said += &format!(
        "{:?}",
        hosting.create(&rig.call(), &operation(&life, "create"), &rig.specification()).await
    );
    rig.forget_trouble();
    let there = made(rig, &life).await;
    said += &format!("{there:?}");
    if let Some(passwords) = offered(rig, Capability::Passwords, hosting.passwords()) {
        let password = crate::Password::new(PASSWORD);
        let changed = calmly(rig, operation_on(&there, &life, "password"), async |call, op| {
            passwords.set_password(call, op, &password).await
        });
        said += &format!("{:?}", changed.await);
    }
    if let Some(sign_in) = offered(rig, Capability::SignIn, hosting.sign_in()) {
        for door in sign_in.doors() {
            let link = sign_in.sign_in(&rig.call(), &Resource::tagged(life.clone()), *door).await;
            let link = link.expect("a link can be had").expect("it is there");
            said += &format!("{link:?}");
            let exchanges = format!("{:?}", rig.exchanges());
            assert!(!exchanges.contains(link.expose()), "a link that lets people in is recorded");
            said += &exchanges;
        }
    }
    let terminated =
        calmly(rig, operation(&life, "terminate"), async |call, op| hosting.terminate(call, op).await);
    said += &format!("{:?}", terminated.await);
    said += &format!("{:?} {:?}", rig.exchanges(), rig.call());
    for secret in secrets(rig) {
        assert!(!said.contains(&secret), "a secret is recorded or printed");
    }
}

/// Every secret of the rig, by the manifest's own word on what is secret.
fn secrets<R: Rig>(rig: &R) -> Vec<String> {
    let mut all = vec![PASSWORD.to_owned()];
    for setting in rig.hosting().manifest().server_settings.iter().filter(|s| s.kind.is_secret()) {
        for call in [rig.call(), rig.call_with_bad_credentials()] {
            all.extend(call.credentials().get(setting.name).map(str::to_owned));
        }
    }
    all
}
