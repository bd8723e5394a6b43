//! What must hold of every page, whoever looks at it and however.

use serde_json::{Value, json};

use crate::Browser;

/// The accessibility checker, as its makers publish it; `cargo xtask assets` brings it.
const AXE: &str = include_str!("../fixtures/axe.min.js");

/// How often the browser's log is read for a note that must come; a reading takes some milliseconds.
const ASKED_FOR_A_REFUSAL: usize = 200;

impl Browser<'_> {
    /// The console is silent: no error of a script, nothing blocked by the content policy, nothing missing.
    ///
    /// # Panics
    /// With what the browser complained about.
    pub fn expect_no_complaints(&mut self) {
        let complaints = self.complaints();
        assert!(complaints.is_empty(), "{}: {}", self.path(), complaints.join("\n"));
    }

    /// For a script that was led to another host on purpose: what is noted of that host, and only that.
    pub(crate) fn forget_complaints_of_others(&mut self) {
        let mut lines = self.complaints();
        lines.retain(|line| !names_another(line, self.house().base()));
        assert!(lines.is_empty(), "{}: {}", self.path(), lines.join("\n"));
    }

    /// For a page that was refused on purpose: the browser notes every answer that is an error, and only that. It may
    /// note it a moment after the page is there, so it is asked until it has.
    pub(crate) fn forget_refusal(&mut self) {
        for _ in 0..ASKED_FOR_A_REFUSAL {
            let (noted, others): (Vec<_>, Vec<_>) =
                self.complaints().into_iter().partition(|line| line.contains("Failed to load resource"));
            assert!(others.is_empty(), "{}: {}", self.path(), others.join("\n"));
            if !noted.is_empty() {
                return;
            }
        }
    }

    /// What is wrong with the page as it is seen now; empty when nothing is.
    pub fn faults(&mut self) -> Vec<String> {
        let mut faults = self.faults_of_shape();
        faults.extend(self.barriers());
        faults
    }

    /// The part of [`Self::faults`] that takes no time: what does not fit, and what the console says.
    pub fn faults_of_shape(&mut self) -> Vec<String> {
        let mut faults = self.misfits();
        faults.extend(self.complaints());
        faults
    }

    fn complaints(&mut self) -> Vec<String> {
        let log = self.command("/se/log", &json!({ "type": "browser" }));
        let lines = log.as_array().into_iter().flatten();
        lines
            .filter(|line| line["level"] == "SEVERE" || line["source"] == "security")
            .map(|line| line["message"].as_str().unwrap_or_default().to_owned())
            // The driver tries its own scripts in every frame, also in those that run none on purpose.
            .filter(|line| !line.contains("frame is sandboxed and the 'allow-scripts' permission is not set"))
            .collect()
    }

    /// What makes the page scroll sideways.
    fn misfits(&mut self) -> Vec<String> {
        let wide = self.script(
            "const root = document.documentElement;\
             if (root.scrollWidth <= root.clientWidth) return [];\
             const out = [...document.body.querySelectorAll('*')].filter((it) => {\
               const box = it.getBoundingClientRect();\
               return isShown(it) && (box.right > root.clientWidth + 1 || box.left < -1);\
             });\
             return ['wider than its screen: ' + out.slice(0, 5).map((it) => it.outerHTML.slice(0, 120)).join(' | ')]",
            &[],
        );
        texts(&wide)
    }

    /// Where the page falls short of WCAG 2.1 at level AA as far as a program can tell, and why.
    fn barriers(&mut self) -> Vec<String> {
        let has_axe = self.script("return 'axe' in window", &[]) == true;
        if !has_axe {
            self.script(AXE, &[]);
        }
        let found = self.script(
            "const levels = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];\
             const first = (node) => node.any[0] || node.all[0] || node.none[0] || {message: ''};\
             return axe.run(document, {runOnly: levels, resultTypes: ['violations']}).then((report) =>\
               report.violations.map((rule) => rule.id + ': ' + rule.help + rule.nodes.slice(0, 4).map((node) =>\
                 '\\n      ' + node.target.join(' ') + '  ' + first(node).message).join('')))",
            &[],
        );
        texts(&found)
    }

    /// What the Tab key alone does not reach, and what it reaches without a mark of where it is.
    pub fn keyboard_faults(&mut self) -> Vec<String> {
        let count = self.script(
            "window.walked = new Set(); window.unmarked = [];\
             document.addEventListener('focusin', (event) => {\
               const it = event.target, look = getComputedStyle(it);\
               walked.add(it);\
               const ring = look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) > 0;\
               if (!ring && look.boxShadow === 'none') unmarked.push(it.outerHTML.slice(0, 120));\
             });\
             const all = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]';\
             window.usable = [...document.querySelectorAll(all)].filter((it) => isShown(it) && !it.disabled && it.tabIndex >= 0);\
             if (document.activeElement) document.activeElement.blur();\
             return usable.length + 4 * usable.filter((it) => it.type === 'date').length",
            &[],
        );
        // A date field is left by several steps, one for each of its parts, and the browser's own frame takes a turn.
        for _ in 0..count.as_u64().expect("a number") + 12 {
            for kind in ["rawKeyDown", "keyUp"] {
                let key = json!({ "type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9 });
                self.devtools("Input.dispatchKeyEvent", &key);
            }
        }
        let missed = self.script(
            "const peers = (it) => [...walked].some((other) => other.type === 'radio' && other.name === it.name);\
             const missed = usable.filter((it) => !walked.has(it) && !(it.type === 'radio' && peers(it)));\
             return [...missed.map((it) => 'not reached: ' + it.outerHTML.slice(0, 120)),\
               ...unmarked.map((it) => 'reached without a mark: ' + it)]",
            &[],
        );
        texts(&missed)
    }
}

/// Whether a note is about a host that is not ours. Where it was noted comes first and is always a page of ours.
fn names_another(line: &str, base: &str) -> bool {
    let mut addresses = line.match_indices("://").map(|(at, _)| at);
    addresses.any(|at| {
        let start =
            line[..at].rfind(|letter: char| !letter.is_ascii_alphabetic()).map_or(0, |before| before + 1);
        let rest = line[start..].strip_prefix(base);
        rest.is_none_or(|rest| rest.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '.'))
    })
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::names_another;

    const BASE: &str = "http://localhost:4100";

    #[test]
    fn only_what_is_noted_of_another_host_is_about_it() {
        let blocked = "http://localhost:4100/admin/services - Connecting to 'https://panel.example/x' violates the policy";
        assert!(names_another(blocked, BASE));
        assert!(names_another("http://localhost:41000/ - Failed to load resource", BASE));
        let style =
            "http://localhost:4100/admin/mail - Applying inline style violates the policy 'style-src 'self''";
        assert!(!names_another(style, BASE));
        assert!(!names_another("http://localhost:4100 says http://localhost:4100/login", BASE));
    }
}
