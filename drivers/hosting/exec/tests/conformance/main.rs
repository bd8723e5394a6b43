//! Programs through the contract's suite, and how the driver treats them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod guide;
mod rig;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use bursar_hosting::conformance;
use bursar_hosting::{Hosting as _, Resource, Tag};
use bursar_hosting_exec::exec;
use bursar_outbound::{Call, CallError, Credentials, Recording, Settings};
use bursar_time::Instant;

use rig::ProgramRig;

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_can_do_everything_conforms() {
    conformance::run(async || ProgramRig::new()).await;
}

/// What the driver makes of a shell script.
async fn asked(script: &str, timeout: Duration) -> (Result<(), CallError>, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("script");
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    let recording = Recording::default();
    let credentials = Credentials::none().with("secrets", "key=very-secret-1");
    let call = Call::new(Instant::EPOCH, timeout, credentials)
        .with_settings(Settings::none().with("program", "script").with("parameters", "root=/srv"))
        .recorded_by(std::sync::Arc::new(recording.clone()));
    let resource = Resource::tagged(Tag::new("b1").unwrap());
    let mut answer = exec(Some(folder.path())).observe(&call, &resource).await;
    // Another test's fork may hold the script open for writing for a moment.
    while matches!(&answer, Err(CallError::NotSent(why)) if why.contains("busy")) {
        answer = exec(Some(folder.path())).observe(&call, &resource).await;
    }
    (answer.map(|_| ()), format!("{:?}", recording.take()))
}

const USUAL: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_program_gets_the_question_and_nothing_of_this_process() {
    let script = r#"input=$(cat); seen=$(env | grep -v -e '^PWD=' -e '^_=' -e '^SHLVL=' -e '^OLDPWD=' | cut -d= -f1 | sort | tr '\n' ' ')
        printf '{"error":"refused","message":"%s %s|%s"}' "$#" "$seen" "$(printf %s "$input" | tr -d '"{}')""#;
    let (answer, recorded) = asked(script, USUAL).await;
    let Err(CallError::Refused(said)) = answer else { panic!("{answer:?}") };
    assert!(said.starts_with("0 LANG PATH |"), "no argument and no variable of ours: {said}");
    assert!(
        said.contains("action:observe") && said.contains("root:/srv") && said.contains("tag:b1"),
        "{said}"
    );
    assert!(recorded.contains("observe"), "{recorded}");
    assert!(!recorded.contains("very-secret-1"), "what the program repeats is hidden too: {recorded}");
}

#[tokio::test]
async fn a_program_that_does_not_end_is_killed_with_everything_it_started() {
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("pid");
    let script = format!("sleep 1000 & echo $! > {}; wait", mark.display());
    let (answer, _) = asked(&script, Duration::from_secs(2)).await;
    assert!(
        matches!(&answer, Err(CallError::Unknown(why)) if why.contains("no end within 2 s")),
        "{answer:?}"
    );
    let pid = fs::read_to_string(&mark).unwrap();
    // Killed and not reaped by anybody yet is as good as gone; a busy machine takes a moment to do it.
    let is_gone = || {
        let stat = fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
        stat.is_empty() || stat.contains(") Z ")
    };
    let gone = async {
        while !is_gone() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(USUAL, gone).await.expect("what was started is killed too");
}

#[tokio::test]
async fn what_a_program_leaves_behind_does_not_hold_up_its_answer() {
    let script = r#"sleep 1000 & cat > /dev/null; echo '{"outcome":"missing"}'"#;
    let (answer, _) = asked(script, USUAL).await;
    assert_eq!(answer, Ok(()));
}

#[tokio::test]
async fn a_program_need_not_read_and_may_say_much() {
    let (answer, _) = asked(r#"echo '{"outcome":"missing"}'"#, USUAL).await;
    assert_eq!(answer, Ok(()));
    let (answer, _) = asked("cat > /dev/null; head -c 9000000 /dev/zero | tr '\\0' x", USUAL).await;
    assert!(matches!(answer, Err(CallError::Unreadable(_))), "{answer:?}");
}

#[tokio::test]
async fn a_program_that_anybody_may_change_is_not_run() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("open");
    fs::write(&path, "#!/bin/sh\necho '{\"outcome\":\"missing\"}'\n").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o757)).unwrap();
    let test = async |folder: Option<&std::path::Path>, program: &str| {
        let call = Call::new(Instant::EPOCH, USUAL, Credentials::none())
            .with_settings(Settings::none().with("program", program));
        exec(folder).test_connection(&call).await.err()
    };
    let open = test(Some(folder.path()), "open").await;
    assert!(matches!(&open, Some(CallError::Refused(why)) if why.contains("chmod o-w")), "{open:?}");
    let outside = test(Some(folder.path()), "../open").await;
    assert!(matches!(outside, Some(CallError::Refused(_))), "{outside:?}");
    let nowhere = test(None, "open").await;
    assert!(matches!(nowhere, Some(CallError::Refused(_))), "{nowhere:?}");
    let absent = test(Some(folder.path()), "absent").await;
    assert!(matches!(absent, Some(CallError::NotSent(_))), "{absent:?}");
}
