//! The outgoing SSH client against a server that breaks every promise.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bursar_fakeserver::{Account, Aim, Ending, Executed, FakeSshServer, Fault, Shell};
use bursar_outbound::ssh::{
    SshCommand, SshEnd, SshLogin, SshSession, SshTarget, key_pair_of_seed, shown_host_key,
};
use bursar_outbound::{Call, CallError, Credentials, Recording};
use bursar_time::Instant;

/// A shell that repeats what it was told, and ends as the command's first word says.
#[derive(Default)]
struct Parrot(Mutex<Vec<String>>);

impl Shell for Parrot {
    fn execute(&self, command: &str, input: &[u8]) -> Executed {
        self.0.lock().unwrap().push(command.to_owned());
        match command.split(' ').next().unwrap_or_default() {
            "fail" => Executed { messages: b"no such account".to_vec(), ..Executed::saying(11, "") },
            "die" => Executed { end: Ending::Killed, ..Executed::saying(0, "half") },
            "vanish" => Executed { end: Ending::Silent, ..Executed::saying(0, "half") },
            "flood" => Executed::saying(0, &"x".repeat(3 * 1024 * 1024)),
            _ => Executed::saying(0, &format!("{command}|{}", String::from_utf8_lossy(input))),
        }
    }
}

struct Site {
    server: FakeSshServer,
    parrot: Arc<Parrot>,
    private: String,
    recording: Recording,
}

impl Site {
    async fn open() -> Self {
        let (private, public) = key_pair_of_seed(&[7; 32], "bursar").unwrap();
        let parrot = Arc::new(Parrot::default());
        let account =
            Account { user: "panel".to_owned(), key: Some(public), password: Some("open-sesame".to_owned()) };
        let server = FakeSshServer::start(account, parrot.clone()).await.unwrap();
        Self { server, parrot, private: private.to_string(), recording: Recording::default() }
    }

    fn target(&self) -> SshTarget {
        SshTarget::new("127.0.0.1", self.server.address().port(), self.server.host_key()).unwrap()
    }

    fn call(&self) -> Call {
        self.call_of(Duration::from_secs(20))
    }

    fn call_of(&self, timeout: Duration) -> Call {
        let credentials = Credentials::none().with("password", "open-sesame");
        Call::new(Instant::EPOCH, timeout, credentials).recorded_by(Arc::new(self.recording.clone()))
    }

    async fn session(&self) -> SshSession {
        SshSession::open(&self.call(), &self.target(), "panel", SshLogin::Key(&self.private)).await.unwrap()
    }

    async fn run(&self, text: &str) -> Result<SshEnd, CallError> {
        let command = SshCommand { text, input: b"", secrets: &[], output_is_secret: false };
        self.session().await.run(&self.call(), command).await
    }

    fn executed(&self) -> usize {
        self.parrot.0.lock().unwrap().len()
    }
}

#[tokio::test]
async fn a_command_runs_with_its_input_and_its_record_has_no_secret() {
    let site = Site::open().await;
    let session = site.session().await;
    let input = br#"{"password":"hunter22"}"#;
    let command = SshCommand {
        text: "echo hunter22 open-sesame",
        input,
        secrets: &["hunter22"],
        output_is_secret: false,
    };
    let end = session.run(&site.call(), command).await.unwrap();
    assert_eq!(end.status, 0);
    assert_eq!(
        String::from_utf8(end.output).unwrap(),
        r#"echo hunter22 open-sesame|{"password":"hunter22"}"#
    );
    let second = session
        .run(&site.call(), SshCommand { text: "fail", input: b"", secrets: &[], output_is_secret: false })
        .await
        .unwrap();
    assert_eq!(
        (second.status, &*second.messages),
        (11, &b"no such account"[..]),
        "several commands, one connection"
    );
    session.close().await;

    let exchanges = site.recording.take();
    assert_eq!(exchanges.len(), 2);
    assert_eq!((exchanges[0].path.as_str(), exchanges[0].status), ("echo [hidden] [hidden]", Some(0)));
    let printed = format!("{exchanges:?}");
    assert!(!printed.contains("hunter22") && !printed.contains("sesame"), "{printed}");
}

#[tokio::test]
async fn a_password_lets_in_and_a_wrong_one_does_not() {
    let site = Site::open().await;
    let open = async |user: &str, login: SshLogin<'_>| {
        SshSession::open(&site.call(), &site.target(), user, login).await.map(|_| ())
    };
    assert_eq!(open("panel", SshLogin::Password("open-sesame")).await, Ok(()));
    let (stranger, _) = key_pair_of_seed(&[8; 32], "stranger").unwrap();
    for (user, login) in [
        ("panel", SshLogin::Password("wrong-word")),
        ("panel", SshLogin::Key(&stranger)),
        ("root", SshLogin::Key(&site.private)),
        ("panel", SshLogin::Key("not a key")),
    ] {
        let refused = open(user, login).await;
        assert!(
            matches!(&refused, Err(CallError::BadCredentials(text)) if !text.contains("wrong-word")),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn only_a_pinned_host_key_is_believed() {
    let site = Site::open().await;
    let (spelled, fingerprint) =
        shown_host_key(&site.call(), "127.0.0.1", site.server.address().port()).await.unwrap();
    assert_eq!(spelled, site.server.host_key());
    assert!(fingerprint.starts_with("SHA256:") && fingerprint.len() == 7 + 43, "{fingerprint}");
    let (_, other) = key_pair_of_seed(&[9; 32], "other").unwrap();
    let target = SshTarget::new("127.0.0.1", site.server.address().port(), &other).unwrap();
    let changed =
        SshSession::open(&site.call(), &target, "panel", SshLogin::Key(&site.private)).await.map(|_| ());
    assert!(matches!(&changed, Err(CallError::Refused(text)) if text.contains(&fingerprint)), "{changed:?}");
    let nothing = SshTarget::new("127.0.0.1", site.server.address().port(), "\n").unwrap();
    let unpinned =
        SshSession::open(&site.call(), &nothing, "panel", SshLogin::Key(&site.private)).await.map(|_| ());
    assert!(matches!(unpinned, Err(CallError::Refused(_))), "{unpinned:?}");
    assert!(SshTarget::new("127.0.0.1", 22, "ssh-ed25519 nonsense").is_err());
}

#[tokio::test]
async fn each_failure_says_whether_the_command_may_have_run() {
    let site = Site::open().await;
    site.server.faults().next(Aim::Any, Fault::Refuse);
    let refused = SshSession::open(&site.call(), &site.target(), "panel", SshLogin::Key(&site.private)).await;
    assert!(matches!(refused.map(|_| ()), Err(CallError::NotSent(_))));
    for (fault, ran) in [(Fault::LoseBefore, 0), (Fault::LoseAfter, 1)] {
        let before = site.executed();
        site.server.faults().next(Aim::Any, fault);
        let answer = site.run("echo").await;
        assert!(matches!(answer, Err(CallError::Unknown(_))), "{fault:?}: {answer:?}");
        assert_eq!(site.executed() - before, ran, "{fault:?}");
    }
    site.server.faults().next(Aim::Any, Fault::Fail);
    let answer = site.run("echo").await;
    assert!(matches!(answer, Err(CallError::Refused(_))), "an account without a shell: {answer:?}");
    for command in ["die", "vanish"] {
        let answer = site.run(command).await;
        assert!(matches!(answer, Err(CallError::Unknown(_))), "{command} has no status: {answer:?}");
    }
    let Site { server, private, .. } = site;
    let target = SshTarget::new("127.0.0.1", server.address().port(), server.host_key()).unwrap();
    drop(server);
    tokio::task::yield_now().await;
    let call = Call::new(Instant::EPOCH, Duration::from_secs(20), Credentials::none());
    let gone = SshSession::open(&call, &target, "panel", SshLogin::Key(&private)).await.map(|_| ());
    assert!(matches!(gone, Err(CallError::NotSent(_))), "{gone:?}");
}

#[tokio::test]
async fn a_command_that_never_ends_is_given_up_at_the_deadline() {
    let site = Site::open().await;
    let session = site.session().await;
    site.server.faults().next(Aim::Any, Fault::Stall);
    let call = site.call_of(Duration::from_millis(300));
    let command = SshCommand { text: "echo", input: b"", secrets: &[], output_is_secret: false };
    let answer = session.run(&call, command).await;
    assert!(matches!(answer, Err(CallError::Unknown(_))), "{answer:?}");
    assert_eq!(site.executed(), 1, "it ran all the same");
}

#[tokio::test]
async fn a_flood_is_cut_and_the_status_still_counts() {
    let site = Site::open().await;
    let end = site.run("flood").await.unwrap();
    assert_eq!((end.status, end.output.len(), end.is_cut), (0, 1024 * 1024, true));
}
