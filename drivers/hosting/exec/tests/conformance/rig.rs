//! A program in a folder of its own, for the suite.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bursar_hosting::conformance::{Fake as _, Rig, Trouble, specification_on};
use bursar_hosting::relay::fake::{ANNOUNCEMENT_SECRET, EVERYTHING, KEY, PLANS, Panel};
use bursar_hosting::{Hosting, Reference, Specification, Tag, WebhookRequest};
use bursar_hosting_exec::{Exec, exec};
use bursar_outbound::{Call, Credentials, Exchange, Recording, Settings};
use bursar_time::Instant;
use tempfile::TempDir;

/// The name of the program in every folder.
pub const PROGRAM: &str = "panel";

/// A folder with the misbehaving program.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        symlink(env!("CARGO_BIN_EXE_bursar-fake-program"), folder.path().join(PROGRAM)).unwrap();
        Self(folder)
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn trouble(&self, trouble: Trouble) {
        let line = match trouble {
            Trouble::Refuse => "any refuse",
            Trouble::RateLimit => "any rate_limit",
            Trouble::LoseBefore => "change lose_before",
            Trouble::LoseAfter => "change lose_after",
            Trouble::GarbleChange => "change garble",
            Trouble::GarbleQuestion => "any mumble",
            Trouble::LoseQuestion => "any lose_before",
            Trouble::FailQuestion => "any fail",
        };
        let file = self.path().join("trouble");
        let before = fs::read_to_string(&file).unwrap_or_default();
        fs::write(file, format!("{before}{line}\n")).unwrap();
    }

    pub fn forget_trouble(&self) {
        // There may be none.
        drop(fs::remove_file(self.path().join("trouble")));
    }

    pub fn vanish(&self) {
        fs::remove_file(self.path().join(PROGRAM)).unwrap();
    }
}

pub fn call(settings: Settings, credentials: Credentials, recording: &Recording) -> Call {
    Call::new(Instant::from_micros(1_767_268_800_000_000), Duration::from_secs(60), credentials)
        .with_settings(settings)
        .recorded_by(Arc::new(recording.clone()))
}

/// The program that can do everything.
pub struct ProgramRig {
    folder: Folder,
    driver: Exec,
    recording: Recording,
}

impl ProgramRig {
    pub fn new() -> Self {
        let folder = Folder::new();
        Self { driver: exec(Some(folder.path())), folder, recording: Recording::default() }
    }

    fn panel(&self) -> Panel {
        let state: PathBuf = self.folder.path().join("panel.json");
        Panel::open(Some(&state)).unwrap()
    }

    fn settings() -> Settings {
        Settings::none().with("program", PROGRAM).with("offers", EVERYTHING)
    }

    fn credentials(key: &str, webhook_secret: &str) -> Credentials {
        Credentials::none().with("secrets", format!("key={key}")).with("webhook_secret", webhook_secret)
    }
}

impl Rig for ProgramRig {
    fn hosting(&self) -> &dyn Hosting {
        &self.driver
    }
    fn call(&self) -> Call {
        call(Self::settings(), Self::credentials(KEY, ANNOUNCEMENT_SECRET), &self.recording)
    }
    fn call_with_bad_credentials(&self) -> Call {
        call(Self::settings(), Self::credentials("another-key-9", "another-secret"), &self.recording)
    }
    fn specification(&self) -> Specification {
        specification_on(Settings::none().with("plan", PLANS[0]), Some("one.example.net".to_owned()))
    }
    fn larger(&self) -> Specification {
        specification_on(Settings::none().with("plan", PLANS[1]), Some("one.example.net".to_owned()))
    }
    fn trouble(&self, trouble: Trouble) {
        self.folder.trouble(trouble);
    }
    fn forget_trouble(&self) {
        self.folder.forget_trouble();
    }
    fn live(&self, tag: &Tag) -> usize {
        self.panel().live(tag)
    }
    fn pass_time(&self) {
        self.panel().pass_time();
    }
    fn fill(&self) -> bool {
        self.panel().fill()
    }
    fn block(&self, tag: &Tag) -> Reference {
        self.panel().block(tag)
    }
    fn strangers(&self) -> usize {
        self.panel().strangers()
    }
    fn vanish(&mut self) {
        self.folder.vanish();
    }
    fn exchanges(&self) -> Vec<Exchange> {
        self.recording.take()
    }
    fn webhooks(&self) -> Vec<WebhookRequest> {
        self.panel().announcements()
    }
}
