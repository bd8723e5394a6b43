//! Commands over a fake server, through the contract's suite; and that no value can become a command.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Duration;

use bursar_fakeserver::{Account, Aim, FakeSshServer, Fault};
use bursar_hosting::conformance::{self, Fake as _, Rig, Trouble, specification_on};
use bursar_hosting::relay::fake::{ANNOUNCEMENT_SECRET, EVERYTHING, PLANS};
use bursar_hosting::{Hosting, Reference, Specification, Tag, WebhookRequest};
use bursar_hosting_ssh::fake::{COMMANDS, FakeHost, SECRETS, USER, split};
use bursar_hosting_ssh::{Ssh, Template, quote};
use bursar_outbound::ssh::key_pair_of_seed;
use bursar_outbound::{Call, CallError, Credentials, Exchange, Recording, Settings};
use bursar_time::Instant;
use proptest::prelude::*;
use serde_json::json;

struct SshRig {
    driver: Ssh,
    host: Arc<FakeHost>,
    server: Option<FakeSshServer>,
    settings: Settings,
    recording: Recording,
}

fn private_key(seed: u8) -> (String, String) {
    let (private, public) = key_pair_of_seed(&[seed; 32], "bursar").unwrap();
    (private.to_string(), public)
}

impl SshRig {
    async fn new() -> Self {
        let host = Arc::new(FakeHost::open(None).unwrap());
        let account = Account { user: USER.to_owned(), key: Some(private_key(7).1), password: None };
        let server = FakeSshServer::start(account, host.clone()).await.unwrap();
        let mut settings = Settings::none()
            .with("host", "127.0.0.1")
            .with("port", server.address().port().to_string())
            .with("host_keys", server.host_key())
            .with("user", USER)
            .with("offers", EVERYTHING);
        for (name, command) in COMMANDS {
            settings.set(*name, *command);
        }
        Self { driver: Ssh::default(), host, server: Some(server), settings, recording: Recording::default() }
    }

    fn call_with(&self, settings: Settings, seed: u8, announcement: &str) -> Call {
        let credentials = Credentials::none()
            .with("private_key", private_key(seed).0)
            .with("secrets", SECRETS)
            .with("webhook_secret", announcement);
        Call::new(Instant::from_micros(1_767_268_800_000_000), Duration::from_secs(30), credentials)
            .with_settings(settings)
            .recorded_by(Arc::new(self.recording.clone()))
    }

    fn next(&self, fault: Fault) {
        if let Some(server) = &self.server {
            server.faults().next(Aim::Any, fault);
        }
    }
}

impl Rig for SshRig {
    fn hosting(&self) -> &dyn Hosting {
        &self.driver
    }
    fn call(&self) -> Call {
        self.call_with(self.settings.clone(), 7, ANNOUNCEMENT_SECRET)
    }
    fn call_with_bad_credentials(&self) -> Call {
        self.call_with(self.settings.clone(), 8, "another-secret-1")
    }
    fn specification(&self) -> Specification {
        specification_on(Settings::none().with("plan", PLANS[0]), Some("one.example.net".to_owned()))
    }
    fn larger(&self) -> Specification {
        specification_on(Settings::none().with("plan", PLANS[1]), Some("one.example.net".to_owned()))
    }
    /// Every question is one command, so that a fault of the server meets it whole, and a question that goes wrong must
    /// leave a change undone.
    fn trouble(&self, trouble: Trouble) {
        match trouble {
            Trouble::Refuse => self.next(Fault::Refuse),
            Trouble::RateLimit => self.host.be_busy(),
            Trouble::LoseBefore | Trouble::LoseQuestion | Trouble::GarbleQuestion => {
                self.next(Fault::LoseBefore)
            }
            Trouble::LoseAfter => self.next(Fault::LoseAfter),
            Trouble::GarbleChange => self.next(Fault::Garble),
            Trouble::FailQuestion => self.next(Fault::Fail),
        }
    }
    fn forget_trouble(&self) {
        self.host.be_free();
        if let Some(server) = &self.server {
            server.faults().forget();
        }
    }
    fn live(&self, tag: &Tag) -> usize {
        self.host.live(tag)
    }
    fn pass_time(&self) {
        self.host.pass_time();
    }
    fn fill(&self) -> bool {
        self.host.fill()
    }
    fn block(&self, tag: &Tag) -> Reference {
        self.host.block(tag)
    }
    fn strangers(&self) -> usize {
        self.host.strangers()
    }
    fn vanish(&mut self) {
        self.server = None;
    }
    fn exchanges(&self) -> Vec<Exchange> {
        self.recording.take()
    }
    fn webhooks(&self) -> Vec<WebhookRequest> {
        self.host.announcements()
    }
}

#[tokio::test]
async fn commands_conform() {
    conformance::run(SshRig::new).await;
}

#[tokio::test]
async fn another_host_key_is_refused_and_a_bad_command_is_a_problem() {
    let rig = SshRig::new().await;
    let changed = rig.settings.clone().with("host_keys", private_key(9).1);
    let refused = rig.driver.test_connection(&rig.call_with(changed, 7, "")).await;
    assert!(matches!(&refused, Err(CallError::Refused(why)) if why.contains("host key")), "{refused:?}");
    let bad = rig.settings.clone().with("command_power", "switch '{power}'");
    let problems = rig.driver.test_connection(&rig.call_with(bad, 7, "")).await.unwrap().problems;
    assert!(problems.len() == 1 && problems[0].contains("{power}"), "{problems:?}");
}

proptest! {
    /// Whatever a customer is called: the command has the same words around one more, and that one is their name.
    #[test]
    fn no_value_becomes_anything_but_one_word(name in "\\PC{0,60}") {
        prop_assert_eq!(split(&quote(&name)), Some(vec![name.clone()]));
        let template = Template::parse("mk --plan {plan} x={plan.kind} -- {name} end").unwrap();
        let told = json!({ "name": name, "plan": { "plan": name, "kind": name } });
        let filled = template.filled(told.as_object().unwrap());
        if name.starts_with('-') {
            prop_assert!(filled.is_err());
        } else {
            let words = split(&filled.unwrap()).unwrap();
            let kind = format!("x={name}");
            prop_assert_eq!(words, ["mk", "--plan", &name, &kind, "--", &name, "end"]);
        }
    }

    /// What a shell makes of it, of the characters that mean something to one.
    #[test]
    fn a_real_shell_agrees(name in "[-'\"\\\\$`;&|<>(){}*?~!# a-c%=]{0,24}") {
        let command = format!("printf %s {}", quote(&name));
        let output = std::process::Command::new("sh").arg("-c").arg(&command).output().unwrap();
        prop_assert_eq!(String::from_utf8(output.stdout).unwrap(), name);
    }
}
