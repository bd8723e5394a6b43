//! A module's SQL names its own tables only. Others are asked through their functions.

use std::collections::BTreeSet;

use crate::layers::line_of;
use crate::sources::{is_test, without_tests};
use crate::workspace::{Tracked, members, refuse, tracked};

/// Words that stand before a table's name in a statement.
const BEFORE: &[&str] = &["FROM", "INTO", "JOIN", "UPDATE"];
/// And in a migration. `REFERENCES` is looked at apart: it may point down the graph.
const BEFORE_IN_SCHEMA: &[&str] = &["FROM", "INTO", "JOIN", "ON", "TABLE", "UPDATE"];

/// The importer proves what it brought in from the tables of the modules that now own it: it may read them, and a
/// write would still be refused. A view of every module for that one reader would be more code than the reader.
const READS_EVERY_MODULE: &str = "modules/import/src/whmcs/import/store.rs";
/// The words that only writes use.
const BEFORE_IN_WRITES: &[&str] = &["INTO", "UPDATE"];

/// The lower-case names that stand directly after one of the words.
fn names_after<'a>(text: &'a str, before: &[&str]) -> Vec<&'a str> {
    let mut names = Vec::new();
    let mut after = false;
    for word in text.split_whitespace() {
        let name = word.trim_start_matches(['(', '"']);
        let end = name.find(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit() && c != '_');
        let name = &name[..end.unwrap_or(name.len())];
        if after && !name.is_empty() {
            names.push(name);
        }
        let bare = word.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
        after = before.contains(&bare);
    }
    names
}

/// The tables that bulk statements write.
fn bulk_tables(text: &str) -> Vec<&str> {
    ["insert \"", "update \""]
        .iter()
        .flat_map(|start| text.split(start).skip(1))
        .filter_map(|rest| rest.split('"').next())
        .filter(|name| {
            !name.is_empty()
                && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        })
        .collect()
}

fn owners() -> BTreeSet<String> {
    let mut owners: BTreeSet<String> =
        members().iter().filter_map(|m| m.folder.strip_prefix("modules/").map(str::to_owned)).collect();
    owners.insert("kernel".to_owned());
    owners
}

fn owner_of<'a>(table: &str, owners: &'a BTreeSet<String>) -> Option<&'a str> {
    owners
        .iter()
        .find(|owner| table.strip_prefix(owner.as_str()).is_some_and(|rest| rest.starts_with('_')))
        .map(String::as_str)
}

/// What modules are made of. Their tests may look at any table to see what came of it.
fn module_files() -> Vec<(String, Tracked)> {
    tracked()
        .into_iter()
        .filter(|file| !is_test(&file.path))
        .filter_map(|file| {
            let inside = file.path.strip_prefix("modules/")?;
            let module = inside.split('/').next()?.to_owned();
            inside.contains("/src/").then_some(())?;
            file.path.ends_with(".rs").then_some((module, file))
        })
        .collect()
}

#[test]
fn no_module_names_another_ones_table() {
    let owners = owners();
    let mut problems = Vec::new();
    for (module, file) in module_files() {
        let names = {
            let code = without_tests(&file.text);
            let before = if file.path == READS_EVERY_MODULE { BEFORE_IN_WRITES } else { BEFORE };
            names_after(code, before).into_iter().chain(bulk_tables(code))
        };
        for name in names {
            if owner_of(name, &owners).is_some_and(|owner| owner != module) {
                problems.push(format!("{}: {name} is not a table of {module}", file.path));
            }
        }
    }
    refuse(&problems);
}

#[test]
fn tables_carry_their_modules_prefix_and_foreign_keys_point_down() {
    let owners = owners();
    let mut problems = Vec::new();
    for file in tracked() {
        let Some(inside) = file.path.strip_prefix("modules/") else { continue };
        let Some((module, rest)) = inside.split_once('/') else { continue };
        if !rest.starts_with("migrations/") || !rest.ends_with(".sql") {
            continue;
        }
        let code: String = file
            .text
            .lines()
            .map(|line| line.split("--").next().unwrap_or_default())
            .collect::<Vec<_>>()
            .join("\n");
        for name in names_after(&code, BEFORE_IN_SCHEMA) {
            if owner_of(name, &owners) != Some(module) {
                problems.push(format!("{}: {name} does not begin with {module}_", file.path));
            }
        }
        for name in names_after(&code, &["REFERENCES"]) {
            let lower = match owner_of(name, &owners) {
                Some(owner) => owner == module || line_of(owner) < line_of(module),
                None => false,
            };
            if !lower {
                problems.push(format!("{}: a foreign key to {name} does not point down", file.path));
            }
        }
    }
    refuse(&problems);
}

#[test]
fn names_are_found_where_sql_has_them() {
    let text = "INSERT INTO billing_lines (a) SELECT a FROM (SELECT a FROM billing_x) AS t
        JOIN \"ledger_y\" ON t.a = 1 WHERE b IN (SELECT id FROM catalog_z);";
    assert_eq!(names_after(text, BEFORE), ["billing_lines", "billing_x", "ledger_y", "catalog_z"]);
    assert_eq!(bulk_tables("insert \"billing_lines\" { a: int }"), ["billing_lines"]);
}
