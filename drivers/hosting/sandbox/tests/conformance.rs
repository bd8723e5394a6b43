//! The sandbox through the contract's suite, and what only the sandbox can do.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use bursar_hosting::conformance::{self, Rig, Trouble, specification_on};
use bursar_hosting::{
    Change, Creation, Hosting, IdempotencyKey, Operation, PowerAction, Reference, Resource, Specification,
    State, Tag, WebhookRequest,
};
use bursar_hosting_sandbox::{CallTrouble, FaultPlan, Panel, SandboxHosting};
use bursar_outbound::{Call, DEFAULT_TIMEOUT, Exchange, Settings};
use bursar_time::Instant;

struct Sandbox {
    panel: Arc<Panel>,
    hosting: SandboxHosting,
    seconds: AtomicI64,
    is_full: AtomicBool,
}

impl Sandbox {
    fn new() -> Self {
        Self::over(Panel::in_memory())
    }

    fn over(panel: Panel) -> Self {
        let panel = Arc::new(panel);
        Self {
            hosting: SandboxHosting::new(panel.clone()),
            panel,
            seconds: AtomicI64::new(0),
            is_full: AtomicBool::new(false),
        }
    }

    fn now(&self) -> Instant {
        Instant::from_micros(1_767_268_800_000_000).plus_seconds(self.seconds.load(Ordering::Relaxed))
    }

    fn settings(&self) -> Settings {
        let settings = Settings::none().with("node", "node1");
        if self.is_full.load(Ordering::Relaxed) { settings.with("room", "0") } else { settings }
    }

    async fn create(&self, name: &str, plan: Settings) -> Creation {
        let specification = specification_on(plan, Some("vps.example.net".to_owned()));
        self.hosting.create(&self.call(), &operation(name, "create"), &specification).await.unwrap()
    }
}

fn plan() -> Settings {
    Settings::from_iter([
        ("cores", "2"),
        ("memory_mib", "2048"),
        ("disk_gib", "40"),
        ("image", "debian-13"),
        ("region", "fra"),
        ("build_seconds", "20"),
    ])
}

fn operation(name: &str, action: &str) -> Operation {
    Operation {
        key: IdempotencyKey::new(format!("{name}:{action}:1")).unwrap(),
        resource: Resource::tagged(Tag::new(name).unwrap()),
        task: None,
    }
}

impl Rig for Sandbox {
    fn hosting(&self) -> &dyn Hosting {
        &self.hosting
    }
    fn call(&self) -> Call {
        Call::new(self.now(), DEFAULT_TIMEOUT, self.panel.credentials()).with_settings(self.settings())
    }
    fn call_with_bad_credentials(&self) -> Call {
        let wrong =
            self.panel.credentials().with("api_key", "wrong-key").with("webhook_secret", "wrong-secret");
        Call::new(self.now(), DEFAULT_TIMEOUT, wrong).with_settings(self.settings())
    }
    fn specification(&self) -> Specification {
        specification_on(plan(), Some("vps.example.net".to_owned()))
    }
    fn larger(&self) -> Specification {
        let larger = plan().with("cores", "4").with("memory_mib", "4096").with("disk_gib", "80");
        specification_on(larger, Some("vps.example.net".to_owned()))
    }
    fn trouble(&self, trouble: Trouble) {
        self.panel.next_calls([match trouble {
            Trouble::Refuse => CallTrouble::Refuse,
            Trouble::RateLimit => CallTrouble::RateLimit,
            // A call is one request here, so that a question that goes wrong must leave the change undone.
            Trouble::LoseBefore | Trouble::LoseQuestion | Trouble::FailQuestion | Trouble::GarbleQuestion => {
                CallTrouble::LoseBefore
            }
            Trouble::LoseAfter => CallTrouble::LoseAfter,
            Trouble::GarbleChange => CallTrouble::Garble,
        }]);
    }
    fn forget_trouble(&self) {
        self.panel.forget_next_calls();
    }
    fn live(&self, tag: &Tag) -> usize {
        self.panel.machines(self.now()).iter().filter(|machine| machine.tag == tag.as_str()).count()
    }
    fn pass_time(&self) {
        self.seconds.fetch_add(60, Ordering::Relaxed);
    }
    fn fill(&self) -> bool {
        self.is_full.store(true, Ordering::Relaxed);
        true
    }
    fn block(&self, _tag: &Tag) -> Reference {
        Reference::new(self.panel.add_stranger(self.now(), "node1", &self.specification()).unwrap())
    }
    fn strangers(&self) -> usize {
        self.panel.machines(self.now()).iter().filter(|machine| machine.tag.is_empty()).count()
    }
    fn vanish(&mut self) {
        self.panel.next_calls([CallTrouble::Refuse; 20]);
    }
    fn exchanges(&self) -> Vec<Exchange> {
        Vec::new()
    }
    fn webhooks(&self) -> Vec<WebhookRequest> {
        self.panel.take_webhooks(self.now())
    }
}

#[tokio::test]
async fn the_sandbox_conforms() {
    conformance::run(async || Sandbox::new()).await;
}

#[tokio::test]
async fn a_machine_is_built_for_as_long_as_its_plan_says() {
    let sandbox = Sandbox::new();
    let Creation::Working(working) = sandbox.create("b1", plan().with("build_seconds", "20")).await else {
        panic!("it takes time")
    };
    assert_eq!(working.again_after.as_secs(), 21);
    let building = sandbox.hosting.observe(&sandbox.call(), &operation("b1", "any").resource).await.unwrap();
    assert_eq!(building.unwrap().state, State::Building);
    let failing = plan().with("behaviour", "fails").with("build_seconds", "0");
    assert!(matches!(sandbox.create("b2", failing).await, Creation::Failed { .. }));
    assert!(matches!(sandbox.create("b3", plan().with("build_seconds", "0")).await, Creation::Done(_)));
}

#[tokio::test]
async fn a_disk_never_shrinks_and_nothing_starts_that_is_not_installed() {
    let sandbox = Sandbox::new();
    sandbox.create("b1", plan().with("build_seconds", "0")).await;
    let smaller = specification_on(plan().with("disk_gib", "39"), None);
    let resizing = sandbox.hosting.resizing().unwrap();
    let outcome = resizing.resize(&sandbox.call(), &operation("b1", "resize"), &smaller).await.unwrap();
    assert!(matches!(outcome, Change::Failed { .. }));
    sandbox.create("b2", plan()).await;
    let power = sandbox.hosting.power().unwrap();
    let outcome = power.power(&sandbox.call(), &operation("b2", "start"), PowerAction::Start).await.unwrap();
    assert!(matches!(outcome, Change::Failed { .. }));
}

#[tokio::test]
async fn nodes_share_nothing() {
    let sandbox = Sandbox::new();
    sandbox.create("b1", plan()).await;
    let elsewhere = sandbox.call().with_settings(Settings::none().with("node", "node2"));
    let found = sandbox.hosting.observe(&elsewhere, &operation("b1", "any").resource).await.unwrap();
    assert_eq!(found, None);
}

#[tokio::test]
async fn the_file_remembers_across_restarts_and_survives_a_cut_off_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("panel.jsonl");
    let first = Sandbox::over(Panel::open(&path).unwrap());
    first.create("b1", plan()).await;
    first.create("b2", plan()).await;
    let terminated = first.hosting.terminate(&first.call(), &operation("b2", "terminate")).await.unwrap();
    assert_eq!(terminated, Change::Done);
    let machines = first.panel.machines(first.now());
    drop(first);

    use std::io::Write;
    let mut file = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(br#"{"record":"gone","refere"#).unwrap();
    drop(file);

    let second = Sandbox::over(Panel::open(&path).unwrap());
    assert_eq!(second.panel.machines(second.now()), machines);
    second.create("b3", plan()).await;
    let references: Vec<String> =
        second.panel.machines(second.now()).into_iter().map(|machine| machine.reference).collect();
    assert_eq!(references.len(), 2);
    assert!(
        !references.contains(&"sbx-3".to_owned()),
        "a name that was given out is not given again: {references:?}"
    );
    drop(second);
    assert_eq!(Panel::open(&path).unwrap().machines(Instant::EPOCH).len(), 2);
}

#[tokio::test]
async fn the_same_seed_gives_the_same_faults() {
    let outcomes = async |seed: u64| {
        let sandbox = Sandbox::new();
        sandbox.panel.set_plan(FaultPlan::stormy(seed));
        let mut all = Vec::new();
        for number in 0..200 {
            let specification = specification_on(plan(), None);
            let operation = operation(&format!("k{number}"), "create");
            all.push(format!(
                "{:?}",
                sandbox.hosting.create(&sandbox.call(), &operation, &specification).await
            ));
        }
        all
    };
    let first = outcomes(1).await;
    assert_eq!(first, outcomes(1).await);
    assert_ne!(first, outcomes(2).await);
    assert!(first.iter().any(|outcome| outcome.starts_with("Err(Unknown")));
    assert!(first.iter().any(|outcome| outcome.starts_with("Ok(Working")));
}
