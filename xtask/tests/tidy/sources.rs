//! Sizes, lints, leftovers and lists that must be complete.

use std::collections::BTreeMap;
use std::path::Path;

use crate::workspace::{Tracked, members, refuse, root, tracked};

/// A file longer than this, without its tests, holds two nouns.
const MOST_LINES: usize = 700;
/// Files of tests may be longer, because cases are lists.
const MOST_TEST_LINES: usize = 1_200;
/// Files that are longer for a reason: path, most lines, why.
const LONGER: &[(&str, usize, &str)] = &[];

/// Written in two parts, or this file would find itself.
const LEFTOVERS: &[&str] =
    &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:"), concat!("// XX", "X")];
/// Paths of somebody's machine.
const MACHINES: &[&str] = &[concat!("/wo", "rk/"), concat!("/tmp/br", "ief")];

/// Whether a file holds nothing but tests.
pub fn is_test(path: &str) -> bool {
    // The simulation is a test of its own size, and fixtures are compiled for tests only.
    path.contains("/tests/")
        || path.ends_with("/tests.rs")
        || path.ends_with("/fixture.rs")
        || path.starts_with("sim/")
}

/// The code above the tests at the end of a file.
pub fn without_tests(text: &str) -> &str {
    text.split_once("\n#[cfg(test)]\nmod tests {").map_or(text, |(code, _)| code)
}

fn rust() -> impl Iterator<Item = Tracked> {
    tracked().into_iter().filter(|file| file.path.ends_with(".rs"))
}

#[test]
fn no_file_outgrows_one_thought() {
    let mut problems = Vec::new();
    for file in rust() {
        let most = match LONGER.iter().find(|(path, ..)| *path == file.path) {
            Some((_, most, _)) => *most,
            None if is_test(&file.path) => MOST_TEST_LINES,
            None => MOST_LINES,
        };
        let lines = without_tests(&file.text).lines().count();
        if lines > most {
            problems.push(format!("{} has {lines} lines without tests, more than {most}", file.path));
        }
    }
    refuse(&problems);
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    let problems: Vec<_> = members()
        .iter()
        .filter(|member| {
            let manifest = root().join(&member.folder).join("Cargo.toml");
            let text = std::fs::read_to_string(manifest).expect("the manifest is there");
            !text.contains("[lints]\nworkspace = true")
        })
        .map(|member| format!("{}/Cargo.toml lacks [lints] workspace = true", member.folder))
        .collect();
    refuse(&problems);
}

#[test]
fn nothing_is_left_for_later_and_no_machine_is_named() {
    let mut problems = Vec::new();
    for file in tracked() {
        for (number, line) in file.text.lines().enumerate() {
            let found = LEFTOVERS.iter().chain(MACHINES).find(|word| line.contains(*word));
            if let Some(word) = found {
                problems.push(format!("{}:{}: {word}", file.path, number + 1));
            }
        }
    }
    refuse(&problems);
}

#[test]
fn migrations_are_numbered_without_a_gap_and_all_listed() {
    let files = tracked();
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for file in &files {
        if let Some((folder, name)) = file.path.split_once("/migrations/")
            && name.ends_with(".sql")
            && !folder.contains("/tests")
        {
            folders.entry(folder).or_default().push(name);
        }
    }
    let mut problems = Vec::new();
    for (folder, names) in &mut folders {
        names.sort_unstable();
        let sources: String = files
            .iter()
            .filter(|f| f.path.starts_with(&format!("{folder}/src/")))
            .map(|f| f.text.as_str())
            .collect();
        for (index, name) in names.iter().enumerate() {
            if !name.starts_with(&format!("{:04}_", index + 1)) {
                problems.push(format!("{folder}/migrations/{name} is not number {}", index + 1));
            }
            if !sources.contains(&format!("\"../migrations/{name}\"")) {
                problems.push(format!("{folder}/migrations/{name} is in no list of migrations"));
            }
        }
    }
    assert!(!folders.is_empty(), "there are migrations");
    refuse(&problems);
}

/// The kernel of the check below: whether somebody names `list` of the file at `path`.
fn is_listed(path: &str, list: &str, files: &[Tracked]) -> bool {
    let Some((krate, inside)) = path.split_once("/src/") else { return true };
    let Some(file) = files.iter().find(|file| file.path == path) else { return false };
    let macro_free = without_tests(&file.text);
    // The file may hand its list out itself.
    if macro_free.contains(list) {
        return true;
    }
    let inside = inside.trim_end_matches(".rs").trim_end_matches("/mod");
    let (parent, name) = inside.rsplit_once('/').unwrap_or(("", inside));
    let qualified = format!("{}::{name}::{list}", parent.rsplit('/').next().unwrap_or_default());
    let short = format!("{name}::{list}");
    let parents = match parent {
        "" => vec![format!("{krate}/src/lib.rs"), format!("{krate}/src/main.rs")],
        _ => vec![format!("{krate}/src/{parent}.rs"), format!("{krate}/src/{parent}/mod.rs")],
    };
    files.iter().filter(|file| file.path.starts_with(&format!("{krate}/src/"))).any(|file| {
        file.text.contains(&qualified) || (parents.contains(&file.path) && file.text.contains(&short))
    })
}

#[test]
fn every_list_of_statements_reaches_the_test_that_prepares_them() {
    let files = tracked();
    let mut problems = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with(".rs") && file.path.contains("/src/")) {
        if is_test(&file.path) {
            continue;
        }
        for (invocation, list) in [("::statements! {", "STATEMENTS"), ("::bulk! {", "BULKS")] {
            let code = without_tests(&file.text);
            let invoked =
                code.lines().any(|line| line.ends_with(invocation) && !line.trim_start().starts_with("//"));
            if invoked && !is_listed(&file.path, list, &files) {
                problems.push(format!("{}: nobody names its {list}", file.path));
            }
        }
    }
    refuse(&problems);
}

#[test]
fn every_source_file_is_part_of_its_crate() {
    let files = tracked();
    let mut problems = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with(".rs")) {
        let Some((krate, inside)) = file.path.split_once("/src/") else { continue };
        let inside = inside.trim_end_matches(".rs").trim_end_matches("/mod");
        if ["lib", "main"].contains(&inside) || inside.starts_with("bin/") {
            continue;
        }
        let (parents, name) = match inside.rsplit_once('/') {
            Some((parent, name)) => (vec![format!("{parent}.rs"), format!("{parent}/mod.rs")], name),
            None => (vec!["lib.rs".to_owned(), "main.rs".to_owned()], inside),
        };
        let declaration = format!("mod {name};");
        let by_path = format!("#[path = \"{name}.rs\"]");
        let declared =
            files.iter().filter(|file| file.path.starts_with(&format!("{krate}/src/"))).any(|file| {
                let is_parent = parents.iter().any(|parent| file.path == format!("{krate}/src/{parent}"));
                file.text.contains(&by_path) || (is_parent && file.text.contains(&declaration))
            });
        if !declared {
            problems.push(format!("{}: no parent says `{declaration}`", file.path));
        }
    }
    refuse(&problems);
}

#[test]
fn links_in_documents_lead_somewhere() {
    let mut problems = Vec::new();
    for file in tracked().iter().filter(|file| file.path.ends_with(".md")) {
        let folder = root().join(&file.path);
        let folder = folder.parent().unwrap_or(Path::new("/")).to_owned();
        for link in file.text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or_default();
            // Templates of mails have addresses that are filled in later.
            let filled_in = link.contains("{{");
            let foreign =
                link.contains("://") || link.starts_with("mailto:") || target.is_empty() || filled_in;
            if !foreign && !folder.join(target).exists() {
                problems.push(format!("{}: {link} leads nowhere", file.path));
            }
        }
    }
    refuse(&problems);
}
