//! Somebody else's application signs people in here, with a library that others wrote.

use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use bursar_scenarios::{Browser, House, Role};
use bursar_time::Clock as _;
use serde_json::{Value, json};

/// The application, in a process of its own. It ends with this.
struct Forum {
    child: Child,
    said: Lines<BufReader<ChildStdout>>,
    base: String,
}

impl Forum {
    fn start() -> Self {
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/relying_party.py");
        // Not what another place brought along, but the machine's, which has the library.
        let python = if Path::new("/usr/bin/python3").exists() { "/usr/bin/python3" } else { "python3" };
        let mut child = Command::new(python)
            .arg(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python is installed");
        let mut said = BufReader::new(child.stdout.take().expect("its output is ours")).lines();
        let base = next(&mut said, "needs python3-authlib and python3-requests");
        Self { child, said, base }
    }

    fn is_told(&mut self, configuration: &Value) {
        let input = self.child.stdin.as_mut().expect("its input is ours");
        writeln!(input, "{configuration}").expect("it listens");
        assert_eq!(next(&mut self.said, "cannot read the description of our sign-in"), "ready");
    }
}

fn next(said: &mut Lines<BufReader<ChildStdout>>, otherwise: &str) -> String {
    let line = said.next().unwrap_or_else(|| panic!("the application ended: it {otherwise}"));
    line.expect("it writes text")
}

impl Drop for Forum {
    fn drop(&mut self) {
        // A test that failed already has said why; the process must not outlive it.
        drop(self.child.kill().and_then(|()| self.child.wait()));
    }
}

/// What a row of what the app must know says.
fn told(staff: &mut Browser, what: &str) -> String {
    let said = staff.script(
        "return [...document.querySelectorAll('.fact')].find((it) => it.innerText.startsWith(a)).querySelector('code').innerText",
        &[json!(what)],
    );
    said.as_str().expect("a text").to_owned()
}

#[test]
fn an_application_with_another_library_signs_people_in_and_thieves_get_nothing() {
    let (house, mut forum) = (House::empty(), Forum::start());
    let mut staff = Browser::at(&house);
    staff.sign_in(Role::Owner);
    staff.visit("/admin/apps/new");
    staff.fill("Name", "Forum");
    staff.choose("Where it runs", "On a server");
    staff.choose("Who may sign in there", "Staff");
    staff.fill("Addresses people come back to", &format!("{}/callback", forum.base));
    staff.click("Add the app");
    let (id, secret) = (told(&mut staff, "Client id"), told(&mut staff, "Secret"));
    let now = house.clock().now().micros() / 1_000_000;
    forum.is_told(&json!({ "issuer": told(&mut staff, "Issuer"), "client_id": id, "client_secret": secret, "now": now }));

    staff.leave_for(&format!("{}/login?honest", forum.base));
    staff.expect_text("Forum");
    assert_eq!(staff.faults(), Vec::<String>::new());
    staff.screenshot("consent");
    staff.click("Allow");
    staff.expect_text("Signed in as ann@northwind.example");
    // Asked once; from then on the way there and back is one step.
    for (story, end) in [
        ("robbed", "The code is worth nothing to a thief"),
        ("guessed", "The secret cannot be guessed"),
        ("honest", "Signed in as ann@northwind.example"),
    ] {
        staff.leave_for(&format!("{}/login?{story}", forum.base));
        staff.expect_text(end);
    }

    // Whoever is not signed in does so on the way.
    let mut stranger = Browser::at(&house);
    stranger.visit("/admin/sign-in");
    stranger.leave_for(&format!("{}/login?honest", forum.base));
    stranger.expect_text("Password");
    stranger.fill("E-mail address", bursar_scenarios::OWNER_EMAIL);
    stranger.fill("Password", bursar_scenarios::OWNER_PASSWORD);
    stranger.click("Sign in");
    stranger.expect_text("Signed in as ann@northwind.example");

    // An address that was not registered is never gone to.
    let elsewhere =
        "/oauth/authorize?response_type=code&scope=openid&redirect_uri=https%3A%2F%2Felsewhere.example%2F";
    staff.refused(&format!("{elsewhere}&client_id={id}"));
    assert!(staff.path().starts_with("/oauth/authorize"), "stays here");
}
