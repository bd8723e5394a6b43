//! The program in the guide is run as it stands there.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use bursar_hosting::conformance::{self, Rig, Trouble, specification_on};
use bursar_hosting::{Hosting, Reference, Specification, Tag};
use bursar_hosting_exec::{Exec, exec};
use bursar_outbound::{Call, Credentials, Exchange, Recording, Settings};

use crate::rig::{Folder, PROGRAM, call};

const GUIDE: &str = include_str!("../../../../../docs/guides/write-an-exec-driver.md");
const KEY: &str = "let-me-in-7";

/// The first block of Python in the guide.
fn program() -> &'static str {
    let (_, rest) = GUIDE.split_once("```python\n").expect("the guide has a program");
    rest.split_once("```").expect("it ends").0
}

/// The guide's program behind the one that makes trouble.
struct GuideRig {
    folder: Folder,
    driver: Exec,
    recording: Recording,
}

impl GuideRig {
    fn new() -> Self {
        let folder = Folder::new();
        let inner = folder.path().join("inner");
        fs::write(&inner, program()).unwrap();
        fs::set_permissions(&inner, fs::Permissions::from_mode(0o755)).unwrap();
        let accounts = folder.path().join("accounts");
        fs::create_dir(&accounts).unwrap();
        fs::write(accounts.join("key"), KEY).unwrap();
        Self { driver: exec(Some(folder.path())), folder, recording: Recording::default() }
    }

    fn accounts(&self) -> std::path::PathBuf {
        self.folder.path().join("accounts")
    }

    fn call_with(&self, key: &str) -> Call {
        let parameters = format!("root={}", self.accounts().display());
        let settings = Settings::none().with("program", PROGRAM).with("parameters", parameters);
        call(settings, Credentials::none().with("secrets", format!("key={key}")), &self.recording)
    }

    fn specification_of(plan: &str) -> Specification {
        specification_on(Settings::none().with("plan", plan), Some("one.example.net".to_owned()))
    }
}

fn is_there(folder: &Path, name: &str) -> bool {
    folder.join(format!("{name}.json")).exists()
}

impl Rig for GuideRig {
    fn hosting(&self) -> &dyn Hosting {
        &self.driver
    }
    fn call(&self) -> Call {
        self.call_with(KEY)
    }
    fn call_with_bad_credentials(&self) -> Call {
        self.call_with("wrong-key-1")
    }
    fn specification(&self) -> Specification {
        Self::specification_of("small")
    }
    fn larger(&self) -> Specification {
        Self::specification_of("large")
    }
    fn trouble(&self, trouble: Trouble) {
        self.folder.trouble(trouble);
    }
    fn forget_trouble(&self) {
        self.folder.forget_trouble();
    }
    fn live(&self, tag: &Tag) -> usize {
        usize::from(is_there(&self.accounts(), tag.as_str()))
    }
    fn pass_time(&self) {}
    fn fill(&self) -> bool {
        // It has no limit.
        false
    }
    fn block(&self, _tag: &Tag) -> Reference {
        let account = r#"{"plan": {"plan": "small"}, "name": "old.example.net", "suspended": false}"#;
        fs::write(self.accounts().join("old-customer.json"), account).unwrap();
        Reference::new("old-customer")
    }
    fn strangers(&self) -> usize {
        usize::from(is_there(&self.accounts(), "old-customer"))
    }
    fn vanish(&mut self) {
        self.folder.vanish();
    }
    fn exchanges(&self) -> Vec<Exchange> {
        self.recording.take()
    }
}

#[test]
fn the_guide_s_program_has_twenty_lines() {
    assert_eq!(program().lines().filter(|line| !line.trim().is_empty()).count(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_s_program_conforms() {
    conformance::run(async || GuideRig::new()).await;
}
