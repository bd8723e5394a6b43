use std::time::Duration;

use bursar_outbound::{Credentials, Limits, Settings};

use super::*;
use crate::servers::ServerMode;

fn access() -> ServerAccess {
    ServerAccess {
        server_id: 1,
        name: "node1".to_owned(),
        driver: "sandbox".to_owned(),
        mode: ServerMode::Enabled,
        settings: Settings::none(),
        credentials: Credentials::none().with("api_key", "very-secret-key"),
        limits: Limits { at_once: 1, per_minute: None },
        ask_timeout: Duration::from_secs(1),
        change_timeout: Duration::from_secs(1),
    }
}

fn refused(error: CallError) -> Look {
    judge(&Probe { connection: Err(error), health: None }, &access())
}

fn answered(problems: &[&str], health: Option<Result<ServerHealth, CallError>>) -> Look {
    let problems = problems.iter().map(|it| (*it).to_owned()).collect();
    let connection = Connection { version: Some("9.1".to_owned()), problems };
    judge(&Probe { connection: Ok(connection), health }, &access())
}

#[test]
fn what_answers_is_up_unless_it_complains() {
    let figures = ServerHealth { resource_count: Some(3), ..ServerHealth::default() };
    let look = answered(&[], Some(Ok(figures.clone())));
    assert_eq!((look.state, look.panel_version.as_str(), look.figures), (HealthState::Up, "9.1", figures));
    assert_eq!(answered(&[], None).state, HealthState::Up, "a driver need not know how its server is");
    assert_eq!(answered(&["The right to make accounts is missing."], None).state, HealthState::Warning);
    let node_down = ServerHealth { warnings: vec!["pve2 is down.".to_owned()], ..ServerHealth::default() };
    assert_eq!(answered(&[], Some(Ok(node_down))).state, HealthState::Warning);
    let mute = answered(&[], Some(Err(CallError::Unknown("no answer".to_owned()))));
    assert_eq!(mute.state, HealthState::Warning);
    assert!(mute.remarks[0].contains("no answer"), "{:?}", mute.remarks);
}

#[test]
fn a_door_that_stays_shut_is_another_thing_than_nobody_there() {
    assert_eq!(refused(CallError::BadCredentials("wrong".to_owned())).state, HealthState::Refused);
    assert_eq!(refused(CallError::NotSent("connection refused".to_owned())).state, HealthState::Down);
    assert_eq!(refused(CallError::Unknown("time-out".to_owned())).state, HealthState::Down);
}

#[test]
fn a_certificate_that_was_not_believed_is_kept_to_be_compared() {
    let print = Fingerprint::of(b"abc").to_string();
    let said = format!("the certificate is not trusted (UnknownIssuer); its SHA-256 fingerprint is {print}");
    let look = refused(CallError::NotSent(said));
    assert_eq!((look.state, look.shown_fingerprint), (HealthState::Down, print));
    assert_eq!(refused(CallError::NotSent("no route".to_owned())).shown_fingerprint, "");
}

#[test]
fn what_a_panel_repeats_of_its_key_is_hidden() {
    let look = refused(CallError::BadCredentials("very-secret-key is not known".to_owned()));
    assert!(!look.why.contains("very-secret-key") && look.why.contains("is not known"), "{}", look.why);
    let look = answered(&[], Some(Err(CallError::Refused("very-secret-key again".to_owned()))));
    assert!(!look.remarks[0].contains("very-secret-key"), "{:?}", look.remarks);
}
