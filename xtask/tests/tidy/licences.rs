//! Nothing we link may forbid what our own licence allows.

use crate::workspace::{metadata, refuse, run};

/// Permissive licences, and the weak copyleft that stays within its own files. GPL, AGPL and LGPL are not among them.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "OFL-1.1",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Whether an SPDX expression can be met with allowed licences alone. The old `A/B` means `A OR B`.
fn allowed(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    let met = any_of(&mut words);
    met && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn any_of(words: &mut Words<'_>) -> bool {
    let mut met = all_of(words);
    while words.next_if_eq(&"OR").is_some() {
        met |= all_of(words);
    }
    met
}

fn all_of(words: &mut Words<'_>) -> bool {
    let mut met = one(words);
    while words.next_if_eq(&"AND").is_some() {
        met &= one(words);
    }
    met
}

fn one(words: &mut Words<'_>) -> bool {
    if words.next_if_eq(&"(").is_some() {
        let met = any_of(words);
        return words.next() == Some(")") && met;
    }
    let Some(name) = words.next() else { return false };
    if words.next_if_eq(&"WITH").is_none() {
        return ALLOWED.contains(&name);
    }
    let exception = words.next().unwrap_or_default();
    ALLOWED.contains(&format!("{name} WITH {exception}").as_str())
}

#[test]
fn every_crate_we_build_has_an_allowed_licence() {
    let about = run("rustc", &["-vV"]);
    let host = about.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc names its host");
    let metadata = metadata(&["--filter-platform", host]);
    let problems: Vec<_> = metadata["packages"]
        .as_array()
        .expect("packages")
        .iter()
        .filter(|package| !allowed(package["license"].as_str().unwrap_or_default()))
        .map(|package| format!("{} {}: licence {}", package["name"], package["version"], package["license"]))
        .collect();
    refuse(&problems);
}

#[test]
fn expressions_are_read_as_spdx_means_them() {
    assert!(allowed("MIT OR Apache-2.0"));
    assert!(allowed("MIT/Apache-2.0"));
    assert!(allowed("MIT OR GPL-3.0-only"), "we choose MIT");
    assert!(!allowed("MIT AND GPL-3.0-only"), "both apply");
    assert!(allowed("(MIT OR GPL-2.0-only) AND Unicode-3.0"));
    assert!(!allowed("(MIT OR Apache-2.0) AND AGPL-3.0-only"));
    assert!(allowed("Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT"));
    assert!(!allowed("GPL-2.0-only WITH Classpath-exception-2.0"));
    assert!(!allowed("LGPL-3.0-only"));
    assert!(!allowed(""), "no licence is no permission");
}
