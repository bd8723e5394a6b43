//! One chromedriver for the process, the sessions it opens, and the folder that goes with it.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use serde_json::{Value, json};

use crate::wire::{Refused, Wire};

/// Debian's first; others where a developer has them.
const BROWSERS: &[&str] = &["chromium", "chromium-browser", "google-chrome"];

/// Nothing is asked of the network beside the pages, and nothing of a desktop.
const FLAGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    // The browser ends when the pipe to its driver does.
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-sync",
    "--hide-scrollbars",
    "--metrics-recording-only",
    "--window-size=1280,900",
];

/// A running chromedriver. It stops when this process ends, however it ends: its keeper waits for our end of a pipe.
pub(crate) struct Driver {
    port: u16,
    folder: PathBuf,
    _keeper: Child,
}

const KEEPER: &str = r#"
dir=$1
chromedriver --port=0 >"$dir/driver.log" 2>&1 & driver=$!
for _ in $(seq 1 400); do
  port=$(sed -n 's/.*started successfully on port \([0-9]*\).*/\1/p' "$dir/driver.log")
  [ -n "$port" ] && break
  kill -0 "$driver" 2>/dev/null || break
  sleep 0.05
done
echo "${port:-failed}"
read -r _
kill "$driver" 2>/dev/null; wait "$driver"
# A browser that is still closing would write a last file into a folder that is gone.
for _ in $(seq 1 300); do pgrep -f -- "--user-data-dir=$dir/" >/dev/null || break; sleep 0.1; done
rm -rf "$dir"
"#;

/// The one of this process.
pub(crate) fn driver() -> &'static Driver {
    static DRIVER: OnceLock<Driver> = OnceLock::new();
    DRIVER.get_or_init(Driver::start)
}

impl Driver {
    /// # Panics
    /// When chromedriver is not installed or does not start: a walk that needs it must fail, not pass.
    fn start() -> Self {
        // In memory where there is such a place: a walk should wait for pages and not for a disk.
        let memory = Path::new("/dev/shm");
        let place = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let folder = tempfile::Builder::new().prefix("bursar-scenarios-").tempdir_in(place);
        let folder = folder.expect("a folder for browsers and houses").keep();
        let mut keeper = Command::new("bash")
            .args(["-c", KEEPER, "keeper"])
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("bash is installed");
        let mut line = String::new();
        let output = keeper.stdout.take().expect("the keeper's output is piped");
        BufReader::new(output).read_line(&mut line).expect("the keeper answers");
        let port = line.trim().parse().unwrap_or_else(|_| {
            panic!("chromedriver did not start (apt-get install chromium chromium-driver): {line}")
        });
        Self { port, folder, _keeper: keeper }
    }

    /// A new folder that goes when this process ends.
    pub(crate) fn folder(&self, kind: &str) -> PathBuf {
        let folder = tempfile::Builder::new().prefix(kind).tempdir_in(&self.folder);
        folder.expect("a folder can be made").keep()
    }

    /// A browser of its own, with a profile of its own.
    pub(crate) fn open(&self) -> Session {
        let mut flags: Vec<String> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
        flags.push(format!("--user-data-dir={}", self.folder("profile-").display()));
        let capabilities = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:loggingPrefs": { "browser": "ALL" },
            "goog:chromeOptions": { "binary": browser(), "args": flags },
            "timeouts": { "pageLoad": 300_000, "script": 300_000 },
        } } });
        let mut wire = Wire::connect(self.port);
        let opened = wire
            .call("POST", "/session", &capabilities)
            .unwrap_or_else(|refused| panic!("the browser did not start: {}", refused.message));
        let id = opened["sessionId"].as_str().expect("a session has an id");
        Session { root: format!("/session/{id}"), wire, place: String::new() }
    }
}

fn browser() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .flat_map(|folder| BROWSERS.iter().map(move |name| folder.join(name)))
        .find(|candidate| candidate.exists())
        .expect("a browser is needed for these tests: apt-get install chromium")
}

/// One browser window.
pub(crate) struct Session {
    root: String,
    wire: Wire,
    /// Where it was sent last: what fails says so.
    place: String,
}

impl Session {
    /// Notes where it is sent.
    pub(crate) fn head_for(&mut self, place: &str) {
        place.clone_into(&mut self.place);
    }

    /// From now on it has so much time for everything together, or as much as each command takes.
    pub(crate) fn limit(&mut self, limit: Option<Duration>) {
        self.wire.limit(limit);
    }

    /// Whether it stopped answering.
    pub(crate) fn is_lost(&self) -> bool {
        self.wire.is_lost()
    }

    pub(crate) fn call(&mut self, method: &str, path: &str, body: &Value) -> Result<Value, Refused> {
        self.wire.call(method, &format!("{}{path}", self.root), body)
    }

    pub(crate) fn post(&mut self, path: &str, body: &Value) -> Value {
        self.call("POST", path, body)
            .unwrap_or_else(|refused| panic!("{}: {path}: {}: {}", self.place, refused.code, refused.message))
    }

    /// A command of Chromium's own protocol, for what WebDriver has no word for.
    pub(crate) fn devtools(&mut self, command: &str, parameters: &Value) -> Value {
        self.post("/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    /// Runs a script in the page; what it returns may be a promise.
    pub(crate) fn script(&mut self, source: &str, arguments: &[Value]) -> Value {
        self.post("/execute/sync", &json!({ "script": source, "args": arguments }))
    }

    /// Everything a person leaves behind in a browser is gone afterwards.
    pub(crate) fn forget(&mut self) {
        self.head_for("about:blank");
        self.post("/url", &json!({ "url": "about:blank" }));
        self.devtools("Network.clearBrowserCookies", &json!({}));
        self.devtools("Emulation.clearDeviceMetricsOverride", &json!({}));
        self.devtools("Emulation.setEmulatedMedia", &json!({ "media": "", "features": [] }));
        self.post("/se/log", &json!({ "type": "browser" }));
    }
}
