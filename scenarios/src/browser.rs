//! One person at one browser.

use std::path::PathBuf;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::driver::Session;
use crate::house::{House, Role};
use crate::looks::Looks;
use crate::pool;

/// Where screenshots go, when somebody wants them.
const SCREENSHOTS: &str = "BURSAR_SCREENSHOTS";
/// Keys that have no letter, as WebDriver writes them.
const CONTROL: char = '\u{e009}';
const RELEASED: char = '\u{e000}';
const DELETE: char = '\u{e017}';
/// Whether the page says something, now or in a moment.
const SAYS: &str = "const says = () => words(document.body.innerText).includes(a);\
    if (says()) return true;\
    return new Promise((done) => {\
      const watch = new MutationObserver(() => says() && finish(true));\
      const finish = (found) => { watch.disconnect(); done(found); };\
      watch.observe(document.documentElement, {subtree: true, childList: true, characterData: true, attributes: true});\
      setTimeout(() => finish(says()), 20000);\
    })";
/// How many pages may come and go while one of them is expected to say something.
const LEFT: usize = 10;
const FINDING: &str = include_str!("finding.js");

/// A browser that is looking at a house. Given back when it is dropped.
pub struct Browser<'h> {
    session: Option<Session>,
    house: &'h House,
    authenticators: Vec<String>,
}

impl Drop for Browser<'_> {
    fn drop(&mut self) {
        if let Some(mut session) = self.session.take() {
            session.limit(None);
            for id in &self.authenticators {
                let path = format!("/webauthn/authenticator/{id}");
                // The walk may have unplugged it itself, and a lost browser keeps nothing.
                if let Err(refused) = session.call("DELETE", &path, &Value::Null) {
                    let is_gone = refused.code == "invalid argument" || session.is_lost();
                    assert!(is_gone || std::thread::panicking(), "{}", refused.message);
                }
            }
            pool::give_back(session);
        }
    }
}

impl<'h> Browser<'h> {
    /// A browser that remembers nothing, on a laptop, in light colours and English. Waits until one is free.
    pub fn at(house: &'h House) -> Self {
        let mut browser = Self { session: Some(pool::borrow()), house, authenticators: Vec::new() };
        browser.look_as(Looks::all("en")[0]);
        browser
    }

    /// The house it looks at.
    pub fn house(&self) -> &'h House {
        self.house
    }

    fn session(&mut self) -> &mut Session {
        self.session.as_mut().expect("only dropping takes the session")
    }

    pub(crate) fn command(&mut self, path: &str, body: &Value) -> Value {
        self.session().post(path, body)
    }

    pub(crate) fn ask(&mut self, path: &str) -> Value {
        let answer = self.session().call("GET", path, &Value::Null);
        answer.unwrap_or_else(|refused| panic!("{path}: {}: {}", refused.code, refused.message))
    }

    pub(crate) fn devtools(&mut self, command: &str, parameters: &Value) -> Value {
        self.session().devtools(command, parameters)
    }

    pub(crate) fn remember_authenticator(&mut self, id: &str) {
        self.authenticators.push(id.to_owned());
    }

    /// Runs a script that knows `find`, `names` and `nameOf`; its arguments are `a`, `b`, ….
    pub fn script(&mut self, source: &str, arguments: &[Value]) -> Value {
        let source = format!("const [a, b, c] = arguments;\n{FINDING}\n{source}");
        self.session().script(&source, arguments)
    }

    /// Like [`Self::script`], where the page may go away while it runs.
    pub(crate) fn try_script(&mut self, source: &str) -> Option<Value> {
        self.session().call("POST", "/execute/sync", &json!({ "script": source, "args": [] })).ok()
    }

    /// Goes to a path of the house and expects a page without complaints.
    pub fn visit(&mut self, path: &str) {
        self.open(path);
        self.expect_no_complaints();
    }

    /// Goes to a path whose answer may be a refusal.
    pub fn open(&mut self, path: &str) {
        let url = format!("{}{path}", self.house.base());
        self.session().head_for(path);
        self.command("/url", &json!({ "url": url }));
    }

    /// Goes to an address of somebody else.
    pub fn leave_for(&mut self, url: &str) {
        self.command("/url", &json!({ "url": url }));
    }

    /// Notes what it is about to read, without going there.
    pub(crate) fn head_for(&mut self, path: &str) {
        self.session().head_for(path);
    }

    /// Everything from now on must be done within this time; a walk that takes longer fails and says where it was.
    pub fn allow(&mut self, limit: Duration) {
        self.session().limit(Some(limit));
    }

    /// The path it is at, with its query.
    pub fn path(&mut self) -> String {
        let here = self.script("return location.pathname + location.search", &[]);
        here.as_str().expect("a path").to_owned()
    }

    /// Signs in the way the role does.
    pub fn sign_in(&mut self, role: Role) {
        match role {
            Role::Visitor => {}
            Role::Owner => {
                let (email, password) = self.house.owner();
                let (email, password) = (email.to_owned(), password.to_owned());
                self.visit("/admin/sign-in");
                self.script(
                    "document.querySelector('[name=email]').value = a;\
                     document.querySelector('[name=password]').value = b",
                    &[json!(email), json!(password)],
                );
                self.press_the_button();
                assert_eq!(self.path(), "/admin");
            }
            Role::Customer(id) => {
                let link = self.house.portal_link(id);
                self.visit(&link);
                self.press_the_button();
                assert_eq!(self.path(), "/portal");
            }
        }
    }

    /// Goes to a path and is told that it may not be there.
    pub fn refused(&mut self, path: &str) {
        self.open(path);
        self.forget_refusal();
    }

    /// A file, fetched with what the browser is signed in with.
    pub fn download(&mut self, path: &str) -> Vec<u8> {
        let text = self.script(
            "return (async () => {\
               const bytes = new Uint8Array(await (await fetch(a)).arrayBuffer());\
               return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''));\
             })()",
            &[json!(path)],
        );
        STANDARD.decode(text.as_str().expect("the file as text")).expect("base64")
    }

    /// What a row of a list says, found by something it says.
    pub fn row(&mut self, text: &str) -> String {
        let row = self.script(
            "const row = [...document.querySelectorAll('tbody tr')].find((it) => words(it.innerText).includes(a));\
             return row ? words(row.innerText) : null",
            &[json!(text)],
        );
        row.as_str().unwrap_or_else(|| panic!("{} has no row with {text:?}", self.path())).to_owned()
    }

    /// Sends the first form of a page, whatever language its button speaks.
    pub fn press_the_button(&mut self) {
        let button = self.script("return document.querySelector('main form button')", &[]);
        let id = button.as_object().and_then(|it| it.values().next()).and_then(Value::as_str);
        let id = id.unwrap_or_else(|| panic!("{} has no form", self.path())).to_owned();
        self.click_and_follow(&id);
        self.expect_no_complaints();
    }

    /// Clicks the first thing with this name, or whose name begins so: a link, a button, a box, a line of a menu.
    pub fn click(&mut self, name: &str) {
        self.click_one("CLICKABLE", name);
        self.expect_no_complaints();
    }

    /// Clicks where the answer is a refusal, such as a form that is sent wrong.
    pub fn click_wrong(&mut self, name: &str) {
        self.click_one("CLICKABLE", name);
        self.forget_refusal();
    }

    fn click_one(&mut self, what: &str, name: &str) {
        let element = self.element(what, name);
        self.click_and_follow(&element);
    }

    /// Types into the field with this label, in place of what is there.
    pub fn fill(&mut self, label: &str, text: &str) {
        let element = self.element("FIELDS", label);
        let kind = self.script("return find(FIELDS, a).type", &[json!(label)]);
        // Dates are typed in the order of the machine's language; the value is what matters.
        if kind == "date" {
            let set = "const field = find(FIELDS, a); field.value = b; field.dispatchEvent(new Event('change', {bubbles: true}))";
            self.script(set, &[json!(label), json!(text)]);
            return;
        }
        // Marked and typed over, as a person does it: emptying it first would be a change of its own, and a page that
        // answers changes would put another field in its place.
        let keys = format!("{CONTROL}a{RELEASED}{DELETE}{text}");
        self.command(&format!("/element/{element}/value"), &json!({ "text": keys }));
    }

    /// Chooses a line of a select by what it says.
    pub fn choose(&mut self, label: &str, option: &str) {
        self.element("FIELDS", label);
        let chosen = self.script(
            "const field = find(FIELDS, a);\
             const option = [...(field.options || [])].find((it) => words(it.text).startsWith(b));\
             if (!option) return false;\
             field.value = option.value; field.dispatchEvent(new Event('change', {bubbles: true})); return true",
            &[json!(label), json!(option)],
        );
        assert_eq!(chosen, true, "{label} has no line {option}");
    }

    /// Gives every field its value by the name it is sent under, for forms whose fields a driver declares.
    pub fn fill_in(&mut self, fields: &[(&str, &str)]) {
        for (name, value) in fields {
            let done = self.script(
                "const field = document.querySelector(`main [name=\"${CSS.escape(a)}\"]:not([type=hidden])`);\
                 if (!field) return false;\
                 if (field.tagName === 'SELECT' && ![...field.options].some((it) => it.value === b)) return false;\
                 field.value = b; return true",
                &[json!(name), json!(value)],
            );
            assert_eq!(done, true, "{} takes no {name}={value}", self.path());
        }
    }

    /// Chooses the round button with this value; what it is called may be a sentence.
    pub fn choose_radio(&mut self, value: &str) {
        let found = self.script(
            "const it = [...document.querySelectorAll('input[type=radio]')].find((it) => it.value === a);\
             if (it) it.click(); return !!it",
            &[json!(value)],
        );
        assert_eq!(found, true, "{} has no choice {value:?}", self.path());
    }

    /// Follows the first link of the row that says so.
    pub fn click_row(&mut self, text: &str) {
        let found = self.script(
            "const row = [...document.querySelectorAll('tbody tr')].find((it) => words(it.innerText).includes(a));\
             return row ? row.querySelector('a[href]') : null",
            &[json!(text)],
        );
        let id =
            found.as_object().and_then(|it| it.values().next()).and_then(Value::as_str).map(str::to_owned);
        let id = id.unwrap_or_else(|| panic!("{} has no row with {text:?}", self.path()));
        self.click_and_follow(&id);
        self.expect_no_complaints();
    }

    /// What stands in the field with this label.
    pub fn value(&mut self, label: &str) -> String {
        self.element("FIELDS", label);
        let value = self.script("return find(FIELDS, a).value", &[json!(label)]);
        value.as_str().unwrap_or_default().to_owned()
    }

    fn element(&mut self, what: &str, name: &str) -> String {
        let found = self.script(&format!("return find({what}, a)"), &[json!(name)]);
        let id = found.as_object().and_then(|it| it.values().next()).and_then(Value::as_str);
        if let Some(id) = id {
            return id.to_owned();
        }
        let (path, there) = (self.path(), self.script(&format!("return names({what})"), &[]));
        panic!("{path} has no {name:?} among {there}")
    }

    /// What a person reads on the page.
    pub fn text(&mut self) -> String {
        self.script("return words(document.body.innerText)", &[]).as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the page says so; pages that ask the server again need a moment, and so do those that lead on.
    pub fn expect_text(&mut self, text: &str) {
        let source = format!("const a = arguments[0];\n{FINDING}\n{SAYS}");
        for _ in 0..LEFT {
            let asked = json!({ "script": &source, "args": [text] });
            match self.session().call("POST", "/execute/sync", &asked) {
                Ok(said) if said == true => return,
                Ok(_) => break,
                // The page went while it was read: the next one may say it.
                Err(_) => {}
            }
        }
        let (path, page) = (self.path(), self.text());
        panic!("{path} does not say {text:?} but: {page}");
    }

    /// The page does not say so now.
    pub fn expect_no_text(&mut self, text: &str) {
        let page = self.text();
        assert!(!page.contains(text), "{} says {text:?}", self.path());
    }

    /// Sees pages this way from now on. The language shows with the next page.
    pub fn look_as(&mut self, looks: Looks) {
        self.reshape(looks);
        // As the switch at the foot of the pages chooses it.
        let chosen = json!({ "name": "bursar_language", "value": looks.locale, "url": self.house.base() });
        self.devtools("Network.setCookie", &chosen);
    }

    /// Screen and colours only, which change under an open page.
    pub fn reshape(&mut self, looks: Looks) {
        let (width, height) = (looks.size.width, looks.size.height);
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.devtools("Emulation.setDeviceMetricsOverride", &metrics);
        let scheme = json!({ "name": "prefers-color-scheme", "value": looks.scheme.code() });
        // Nothing may still be fading when it is looked at.
        let still = json!({ "name": "prefers-reduced-motion", "value": "reduce" });
        self.devtools("Emulation.setEmulatedMedia", &json!({ "features": [scheme, still] }));
        // Two frames: one to take the new shape, one to have painted it.
        self.script(
            "return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))",
            &[],
        );
    }

    /// Keeps a picture of the whole page when a folder for pictures is given.
    pub fn screenshot(&mut self, name: &str) {
        let Some(folder) = std::env::var_os(SCREENSHOTS).map(PathBuf::from) else { return };
        std::fs::create_dir_all(&folder).expect("the folder for screenshots can be made");
        let picture = self
            .devtools("Page.captureScreenshot", &json!({ "format": "png", "captureBeyondViewport": true }));
        let bytes = STANDARD.decode(picture["data"].as_str().expect("a picture")).expect("base64");
        std::fs::write(folder.join(format!("{name}.png")), bytes).expect("a screenshot can be written");
    }
}
