//! Texts: what is said somewhere is written in every language, and what is written is said somewhere.
//!
//! `locales/<language>.ftl` of a crate is complete in every language, because customers read it.
//! `locales/admin/<language>.ftl` is complete in English; other languages may lag behind.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast;
use fluent_syntax::parser::parse;

use crate::sources::{is_test, without_tests};
use crate::workspace::{Tracked, refuse, tracked};

const LANGUAGES: &[&str] = &["en", "de", "es", "fr", "bn", "ar"];

/// Words that look like keys and are none.
const NO_KEYS: &[&str] = &[
    // The file of the key that signs forms.
    "shell-key",
];

/// A text: the values it speaks of.
type Variables = BTreeSet<String>;
/// The texts of one file by key.
type Written = BTreeMap<String, Variables>;

/// What the keys of a crate begin with.
fn prefix_of(folder: &str) -> &str {
    match folder {
        "kernel/web" => "shell",
        "apps/bursar" => "desk",
        other => other.rsplit('/').next().unwrap_or(other),
    }
}

fn read(path: &str, text: &str, problems: &mut Vec<String>) -> Written {
    let resource = match parse(text) {
        Ok(resource) => resource,
        Err((resource, errors)) => {
            problems.extend(errors.iter().map(|error| format!("{path}: {error}")));
            resource
        }
    };
    let mut written = Written::new();
    for entry in &resource.body {
        let ast::Entry::Message(message) = entry else { continue };
        let mut variables = Variables::new();
        if let Some(pattern) = &message.value {
            in_pattern(pattern, &mut variables);
        }
        if written.insert(message.id.name.to_owned(), variables).is_some() {
            problems.push(format!("{path}: {} is written twice", message.id.name));
        }
    }
    written
}

fn in_pattern(pattern: &ast::Pattern<&str>, variables: &mut Variables) {
    for element in &pattern.elements {
        if let ast::PatternElement::Placeable { expression } = element {
            in_expression(expression, variables);
        }
    }
}

fn in_expression(expression: &ast::Expression<&str>, variables: &mut Variables) {
    let (ast::Expression::Inline(inline) | ast::Expression::Select { selector: inline, .. }) = expression;
    match inline {
        ast::InlineExpression::VariableReference { id } => {
            variables.insert(id.name.to_owned());
        }
        ast::InlineExpression::Placeable { expression } => in_expression(expression, variables),
        _ => {}
    }
    if let ast::Expression::Select { variants, .. } = expression {
        for variant in variants {
            in_pattern(&variant.value, variables);
        }
    }
}

/// The file of a crate in a language: complete ones lie in `locales`, others in `locales/admin`.
fn files<'a>(tracked: &'a [Tracked], within: &str) -> BTreeMap<&'a str, BTreeMap<&'static str, &'a Tracked>> {
    let mut found: BTreeMap<&str, BTreeMap<&'static str, &Tracked>> = BTreeMap::new();
    for file in tracked {
        for language in LANGUAGES {
            if let Some(folder) = file.path.strip_suffix(&format!("/{within}/{language}.ftl")) {
                found.entry(folder).or_default().insert(language, file);
            }
        }
    }
    found
}

/// Everything written in English, by key.
fn english(tracked: &[Tracked]) -> Written {
    let mut all = Written::new();
    for within in ["locales", "locales/admin"] {
        for (_, languages) in files(tracked, within) {
            if let Some(file) = languages.get("en") {
                all.extend(read(&file.path, &file.text, &mut Vec::new()));
            }
        }
    }
    all
}

#[test]
fn every_language_says_what_english_says() {
    let tracked = tracked();
    let mut problems = Vec::new();
    for (within, must_be_complete) in [("locales", true), ("locales/admin", false)] {
        for (folder, languages) in files(&tracked, within) {
            let Some(file) = languages.get("en") else {
                problems.push(format!("{folder}/{within} has no en.ftl"));
                continue;
            };
            let english = read(&file.path, &file.text, &mut problems);
            for key in english.keys() {
                if !key.starts_with(&format!("{}-", prefix_of(folder))) {
                    problems.push(format!("{}: {key} does not begin with {}-", file.path, prefix_of(folder)));
                }
            }
            for language in LANGUAGES.iter().filter(|it| **it != "en") {
                let own = match languages.get(language) {
                    Some(file) => read(&file.path, &file.text, &mut problems),
                    None => Written::new(),
                };
                let place = format!("{folder}/{within}/{language}.ftl");
                for (key, variables) in &english {
                    match own.get(key) {
                        None if must_be_complete => problems.push(format!("{place}: {key} is missing")),
                        Some(other) if other != variables => {
                            problems.push(format!(
                                "{place}: {key} speaks of {other:?}, English of {variables:?}"
                            ));
                        }
                        _ => {}
                    }
                }
                let unknown = own.keys().filter(|key| !english.contains_key(*key));
                problems.extend(unknown.map(|key| format!("{place}: English has no {key}")));
            }
        }
    }
    refuse(&problems);
}

/// A call of `t` in a template.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    key: String,
    values: Variables,
}

/// The calls of `t` in a template, and what could not be read.
fn calls(html: &str) -> Vec<Result<Said, String>> {
    let bytes = html.as_bytes();
    let starts = html.match_indices("t(").map(|(at, _)| at).filter(|at| {
        *at == 0 || !(bytes[at - 1].is_ascii_alphanumeric() || matches!(bytes[at - 1], b'_' | b'.'))
    });
    starts
        .filter(|at| is_code(&html[..*at]))
        .map(|at| {
            let arguments = arguments(&html[at + 2..]);
            let key = arguments.first().map_or("", |it| it.trim());
            let literal = key.len() > 2
                && key.starts_with(['"', '\''])
                && key.bytes().filter(|it| *it == key.as_bytes()[0]).count() == 2
                && key.as_bytes()[0] == key.as_bytes()[key.len() - 1];
            if !literal {
                return Err(format!("t({key} …) needs its key as one literal, or nobody finds it"));
            }
            let values =
                arguments.iter().skip(1).filter_map(|it| it.split_once('=')).map(|it| it.0.trim().to_owned());
            Ok(Said { key: key[1..key.len() - 1].to_owned(), values: values.collect() })
        })
        .collect()
}

/// Whether a place lies inside `{{ }}` or `{% %}`.
fn is_code(before: &str) -> bool {
    let open = before.rfind("{{").max(before.rfind("{%"));
    let close = before.rfind("}}").max(before.rfind("%}"));
    open > close
}

/// What stands between commas until the parenthesis closes.
fn arguments(text: &str) -> Vec<&str> {
    let (mut depth, mut quote, mut from) = (0_i32, None, 0);
    let mut found = Vec::new();
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), it) if it == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(character),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')') if depth == 0 => {
                found.push(&text[from..at]);
                return found;
            }
            (None, ')' | ']' | '}') => depth -= 1,
            (None, ',') if depth == 0 => {
                found.push(&text[from..at]);
                from = at + 1;
            }
            (None, _) => {}
        }
    }
    found
}

/// Literals in Rust that look like keys of these modules.
fn literals<'a>(rust: &'a str, prefixes: &BTreeSet<String>) -> Vec<&'a str> {
    rust.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split('"'))
        .filter(|literal| {
            literal.split_once('-').is_some_and(|(prefix, rest)| {
                prefixes.contains(prefix)
                    && !rest.is_empty()
                    && rest.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-')
            })
        })
        .filter(|literal| !NO_KEYS.contains(literal))
        .collect()
}

#[test]
fn what_is_said_is_written_and_what_is_written_is_said() {
    let tracked = tracked();
    let english = english(&tracked);
    let prefixes: BTreeSet<String> =
        english.keys().filter_map(|key| key.split_once('-')).map(|it| it.0.to_owned()).collect();
    let mut problems = Vec::new();
    let mut said: BTreeSet<String> = BTreeSet::new();
    for file in &tracked {
        let is_template =
            file.path.contains("/templates/") && (file.path.ends_with(".html") || file.path.ends_with(".md"));
        if is_template {
            for call in calls(&file.text) {
                match call {
                    Err(why) => problems.push(format!("{}: {why}", file.path)),
                    Ok(call) => {
                        match english.get(&call.key) {
                            None => problems.push(format!("{}: there is no text {}", file.path, call.key)),
                            Some(variables) if *variables != call.values => problems.push(format!(
                                "{}: {} is given {:?} and speaks of {variables:?}",
                                file.path, call.key, call.values
                            )),
                            Some(_) => {}
                        }
                        said.insert(call.key);
                    }
                }
            }
        } else if file.path.ends_with(".rs") && !is_test(&file.path) {
            for key in literals(without_tests(&file.text), &prefixes) {
                if !english.contains_key(key) {
                    problems.push(format!("{}: there is no text {key}", file.path));
                }
                said.insert(key.to_owned());
            }
        }
    }
    let unsaid = english.keys().filter(|key| !said.contains(*key));
    problems.extend(unsaid.map(|key| format!("{key} is written and nobody says it")));
    refuse(&problems);
}

#[test]
fn calls_are_found_where_they_are_code() {
    let html = r#"a t("no-call") {{ t("a-b") }} {% set x = t('a-c', n=rows | length, m=f(1, 2)) %} {{ sort("x") }} {{ x.t("y") }}"#;
    let found: Vec<_> = calls(html).into_iter().map(Result::unwrap).collect();
    let values = ["m", "n"].map(str::to_owned).into();
    assert_eq!(
        found,
        [Said { key: "a-b".into(), values: Variables::new() }, Said { key: "a-c".into(), values }]
    );
    assert!(calls("{{ t('a-' ~ state) }}")[0].is_err());
    assert!(calls("{{ t(key) }}")[0].is_err());
}
