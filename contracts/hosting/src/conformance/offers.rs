//! Every capability that a driver offers works.

use std::collections::BTreeSet;
use std::time::Duration;

use bursar_outbound::Call;

use super::drive::{Memory, calmly, change, every_other, made, observed, operation, operation_on, tag};
use super::lifecycle::named;
use super::rig::{Rig, Trouble};
use crate::{
    Account, Capability, Change, Password, PowerAction, Resource, SettingKind, Sight, State, Tag,
    UsageReading, WebhookRefused, WebhookRequest,
};

/// A capability of the driver's that the rig's server has too.
pub(super) fn offered<R: Rig, T>(rig: &R, capability: Capability, object: Option<T>) -> Option<T> {
    object.filter(|_| rig.offers(capability))
}

pub(super) async fn resizes<R: Rig>(rig: &R) {
    let Some(resizing) = offered(rig, Capability::Resizing, rig.hosting().resizing()) else { return };
    let grows = tag("grows");
    made(rig, &grows).await;
    let before = observed(rig, &grows).await.expect("it is there");
    let larger = rig.larger();
    for trouble in [None, Some(Trouble::LoseAfter), Some(Trouble::LoseBefore)] {
        let disturb = every_other(rig, trouble);
        let resized = change(rig, operation(&grows, "resize"), Memory::Lost, disturb, async |call, op| {
            resizing.resize(call, op, &larger).await
        });
        assert_eq!(resized.await, Change::Done, "{trouble:?}");
    }
    let after = observed(rig, &grows).await.expect("it is there");
    assert_eq!(after.reference, before.reference, "it is the same resource");
    assert_ne!(after.plan, before.plan, "it is on another plan");
    for (name, value) in after.plan.iter() {
        assert_eq!(larger.plan.text(name), Some(value), "{name} is as it was ordered");
    }
    let nobody = resizing.resize(&rig.call(), &operation(&tag("nobody"), "resize"), &larger).await;
    assert_eq!(nobody, Ok(Change::Missing));
}

pub(super) async fn switches<R: Rig>(rig: &R) {
    let Some(power) = offered(rig, Capability::Power, rig.hosting().power()) else { return };
    let machine = tag("machine");
    made(rig, &machine).await;
    let switch = async |action: PowerAction| {
        calmly(rig, operation(&machine, action.code()), async |call, op| power.power(call, op, action).await)
            .await
    };
    let state = async || observed(rig, &machine).await.expect("it is there").state;
    for action in power.actions() {
        let wanted = match action {
            PowerAction::Start | PowerAction::Restart => State::Running,
            PowerAction::Stop | PowerAction::Kill => State::Stopped,
        };
        if *action == PowerAction::Restart {
            assert_eq!(switch(PowerAction::Start).await, Change::Done, "what is off is switched on first");
        }
        assert_eq!(switch(*action).await, Change::Done, "{action:?}");
        assert_eq!(state().await, wanted, "{action:?}");
        if *action != PowerAction::Restart {
            assert_eq!(switch(*action).await, Change::Done, "{action:?} a second time");
        }
    }
    let suspended = calmly(rig, operation(&machine, "suspend"), async |call, op| {
        rig.hosting().suspend(call, op, "overdue").await
    });
    assert_eq!(suspended.await, Change::Done);
    let start = switch(PowerAction::Start).await;
    assert!(matches!(start, Change::Failed { .. }), "what is suspended cannot be started: {start:?}");
    assert_eq!(state().await, State::Suspended);
    let nobody = power.power(&rig.call(), &operation(&tag("nobody"), "start"), PowerAction::Start).await;
    assert_eq!(nobody, Ok(Change::Missing));
}

pub(super) async fn signs_in<R: Rig>(rig: &R) {
    let Some(sign_in) = offered(rig, Capability::SignIn, rig.hosting().sign_in()) else { return };
    let visited = tag("visited");
    made(rig, &visited).await;
    assert!(!sign_in.doors().is_empty(), "the capability has a door");
    for door in sign_in.doors() {
        let link = sign_in.sign_in(&rig.call(), &Resource::tagged(visited.clone()), *door).await;
        let link = link.expect("a link can be had").expect("it is there");
        // A vendor that is only pretended has no host: its pages are the office's own.
        let is_ours = link.expose().starts_with("/sandbox/");
        assert!(is_ours || link.expose().starts_with("https://"), "{door:?} is a safe address");
        if rig.hosting().manifest().sight == Sight::Blind {
            // Which of its doors are shut is the caller's to know.
            continue;
        }
        let nobody = sign_in.sign_in(&rig.call(), &Resource::tagged(tag("nobody")), *door).await;
        assert_eq!(nobody, Ok(None));
    }
    if rig.hosting().manifest().sight == Sight::Blind {
        return;
    }
    let suspended = calmly(rig, operation(&visited, "suspend"), async |call, op| {
        rig.hosting().suspend(call, op, "overdue").await
    });
    assert_eq!(suspended.await, Change::Done);
    for door in sign_in.doors() {
        let link = sign_in.sign_in(&rig.call(), &Resource::tagged(visited.clone()), *door).await;
        assert_eq!(link, Ok(None), "{door:?} is shut while suspended");
    }
}

pub(super) async fn sets_passwords<R: Rig>(rig: &R) {
    let Some(passwords) = offered(rig, Capability::Passwords, rig.hosting().passwords()) else { return };
    let forgot = tag("forgot");
    let there = made(rig, &forgot).await;
    let password = Password::new("Tz9-brisk-Heron?77");
    for disturb in [None, Some(Trouble::LoseAfter)] {
        let before = every_other(rig, disturb);
        let asked = operation_on(&there, &forgot, "password");
        let changed = change(rig, asked, Memory::Lost, before, async |call, op| {
            passwords.set_password(call, op, &password).await
        });
        assert_eq!(changed.await, Change::Done);
    }
    let printed = format!("{:?}", rig.exchanges());
    assert!(!printed.contains(password.expose()), "the new password is recorded");
    let nobody = passwords.set_password(&rig.call(), &operation(&tag("nobody"), "password"), &password).await;
    assert_eq!(nobody, Ok(Change::Missing));
}

pub(super) async fn measures<R: Rig>(rig: &R) {
    if let Some(health) = offered(rig, Capability::Health, rig.hosting().health()) {
        let health = health.health(&rig.call()).await.expect("a good server says how it is");
        for (used, all) in [health.memory_bytes, health.disk_bytes].into_iter().flatten() {
            assert!(0 <= used && used <= all, "{used} of {all}");
        }
    }
    let Some(usage) = offered(rig, Capability::Usage, rig.hosting().usage()) else { return };
    let measured = tag("measured");
    made(rig, &measured).await;
    rig.pass_time();
    let reading = usage.usage(&rig.call(), &Resource::tagged(measured)).await;
    let reading = reading.expect("what runs can be measured").expect("it is there");
    let figures = figures(&reading);
    assert!(!figures.is_empty(), "a reading reads something");
    assert!(figures.iter().all(|figure| *figure >= 0), "nothing is below nought: {reading:?}");
    let nobody = usage.usage(&rig.call(), &Resource::tagged(tag("nobody"))).await;
    assert_eq!(nobody, Ok(None));
}

fn figures(reading: &UsageReading) -> Vec<i64> {
    let traffic = reading.traffic.iter().flat_map(|traffic| [traffic.in_bytes, traffic.out_bytes]);
    [reading.cpu_ppm, reading.memory_bytes, reading.disk_bytes].into_iter().flatten().chain(traffic).collect()
}

pub(super) async fn lists_what_things_are_made_from<R: Rig>(rig: &R) {
    let Some(inventory) = offered(rig, Capability::Inventory, rig.hosting().inventory()) else { return };
    let plan = rig.specification().plan;
    for kind in inventory.kinds() {
        let items = inventory.list(&rig.call(), *kind).await.expect("a good server lists");
        let ids: BTreeSet<&str> = items.iter().map(|item| item.id.as_str()).collect();
        assert!(!ids.is_empty() && ids.len() == items.len(), "{kind:?}: {items:?}");
        assert!(items.iter().all(|item| !item.label.is_empty()), "{kind:?} has labels for people");
        for setting in rig.hosting().manifest().plan_settings {
            if setting.kind == SettingKind::Listed(*kind)
                && let Some(value) = plan.text(setting.name)
            {
                assert!(ids.contains(value), "{}: {value} is among {ids:?}", setting.name);
            }
        }
    }
}

pub(super) async fn lists_every_account<R: Rig>(rig: &R) {
    let Some(accounts) = offered(rig, Capability::Accounts, rig.hosting().accounts()) else { return };
    let tags: Vec<Tag> = (1..=3).map(|number| tag(&format!("listed{number}"))).collect();
    for tag in &tags {
        named(rig, tag, &format!("{tag}.example.net")).await;
    }
    rig.block(&tag("elsewhere"));
    let strangers = rig.strangers();
    let mut all: Vec<Account> = Vec::new();
    let mut from: Option<String> = None;
    for _ in 0..100 {
        let page = accounts.list_accounts(&rig.call(), from.as_deref()).await.expect("a good server lists");
        all.extend(page.accounts);
        from = page.next;
        if from.is_none() {
            break;
        }
    }
    assert_eq!(from, None, "the list comes to an end");
    assert!(all.len() >= tags.len() + strangers, "what is not ours is listed too: {all:?}");
    for tag in &tags {
        let seen = observed(rig, tag).await.expect("it is there");
        // A vendor that keeps no tag is matched by reference.
        let is_ours = |account: &&Account| match &account.tag {
            Some(own) => own == tag,
            None => account.reference == seen.reference,
        };
        let listed: Vec<&Account> = all.iter().filter(is_ours).collect();
        let [listed] = listed.as_slice() else { panic!("{tag} is listed once: {all:?}") };
        assert_eq!((&listed.reference, &listed.state), (&seen.reference, &seen.state), "both tell the same");
        for (name, value) in listed.plan.iter() {
            assert_eq!(seen.plan.text(name), Some(value), "{name} is told the same");
        }
    }
}

pub(super) async fn keeps_copies<R: Rig>(rig: &R) {
    let Some(backups) = offered(rig, Capability::Backups, rig.hosting().backups()) else { return };
    let kept = tag("kept");
    made(rig, &kept).await;
    let resource = Resource::tagged(kept.clone());
    let list = async || backups.list_backups(&rig.call(), &resource).await.expect("a good server lists");
    assert_eq!(list().await, []);
    for trouble in [None, Some(Trouble::LoseAfter)] {
        let before = every_other(rig, trouble);
        let copied = change(rig, operation(&kept, "backup"), Memory::Lost, before, async |call, op| {
            backups.create_backup(call, op, "before-upgrade").await
        });
        assert_eq!(copied.await, Change::Done);
        assert_eq!(list().await.len(), 1, "one operation makes one copy");
    }
    let copy = list().await.remove(0);
    assert!(copy.is_complete, "{copy:?}");
    let restored = calmly(rig, operation(&kept, "restore"), async |call, op| {
        backups.restore_backup(call, op, &copy.reference).await
    });
    assert_eq!(restored.await, Change::Done);
    for _ in 0..2 {
        let deleted = calmly(rig, operation(&kept, "delete-backup"), async |call, op| {
            backups.delete_backup(call, op, &copy.reference).await
        });
        assert_eq!(deleted.await, Change::Done);
        assert_eq!(list().await, []);
    }
}

pub(super) async fn starts_over<R: Rig>(rig: &R) {
    let Some(reinstallation) = offered(rig, Capability::Reinstallation, rig.hosting().reinstallation())
    else {
        return;
    };
    let fresh = tag("fresh");
    let before = made(rig, &fresh).await;
    let specification = rig.specification();
    let reinstalled = calmly(rig, operation(&fresh, "reinstall"), async |call, op| {
        reinstallation.reinstall(call, op, &specification).await
    });
    assert_eq!(reinstalled.await, Change::Done);
    let after = observed(rig, &fresh).await.expect("it is there");
    assert_eq!((after.plan, after.state), (before.plan, State::Running));
    assert_eq!(rig.live(&fresh), 1);
    let absent = operation(&tag("nobody"), "reinstall");
    let nobody = reinstallation.reinstall(&rig.call(), &absent, &specification).await;
    assert_eq!(nobody, Ok(Change::Missing));
}

pub(super) async fn announces<R: Rig>(rig: &R) {
    let Some(webhooks) = offered(rig, Capability::Webhooks, rig.hosting().webhooks()) else { return };
    let announced = tag("announced");
    made(rig, &announced).await;
    let sent = rig.webhooks();
    let good = sent.first().expect("a creation is announced");
    let event = webhooks.verify(&rig.call(), good).expect("the vendor's own webhook is accepted");
    assert!(!event.id.is_empty(), "an announcement has an id");
    assert!(event.tag == Some(announced) || event.reference.is_some(), "it says what to look at: {event:?}");
    let again = webhooks.verify(&rig.call(), good).expect("a duplicate is accepted");
    assert_eq!(again, event, "a duplicate carries the same id");

    let mut altered = good.clone();
    altered.body.push(b' ');
    assert_eq!(webhooks.verify(&rig.call(), &altered), Err(WebhookRefused::BadSignature), "an altered body");
    let unsigned = WebhookRequest { headers: Vec::new(), body: good.body.clone() };
    assert_eq!(webhooks.verify(&rig.call(), &unsigned), Err(WebhookRefused::NotSigned), "an unsigned body");
    let stranger = webhooks.verify(&rig.call_with_bad_credentials(), good);
    assert_eq!(stranger, Err(WebhookRefused::BadSignature), "a body signed with another secret");
    let call = rig.call();
    let an_hour_later = call.started_at().plus_seconds(3_600);
    let late = Call::new(an_hour_later, Duration::from_secs(30), call.credentials().clone());
    assert_eq!(webhooks.verify(&late, good), Err(WebhookRefused::Stale), "a replayed webhook");
}
