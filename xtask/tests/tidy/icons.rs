//! Icons: what a page names lies in the sprite.
//!
//! A name that is not there fails a debug build only when somebody looks at that very page.

use std::collections::BTreeSet;

use crate::sources::{is_test, without_tests};
use crate::workspace::{refuse, root, tracked};

/// What stands before the name of an icon, in templates and in code.
const BEFORE: &[&str] =
    &["icon(\"", "mark=\"", "icon: \"", ".described(\"", "icon_into(out, \"", "icon_into(&mut out, \""];

/// The names of icons in a text.
fn named(text: &str) -> impl Iterator<Item = &str> {
    let after = BEFORE.iter().flat_map(|before| text.split(before).skip(1));
    after.filter_map(|rest| rest.split('"').next()).filter(|name| !name.is_empty())
}

#[test]
fn every_icon_that_is_named_is_in_the_sprite() {
    let sprite =
        std::fs::read_to_string(root().join("kernel/web/assets/icons.svg")).expect("the sprite is there");
    let there: BTreeSet<&str> =
        sprite.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let files: Vec<_> = tracked()
        .into_iter()
        .filter(|file| ["apps/", "kernel/web/", "modules/"].iter().any(|part| file.path.starts_with(part)))
        .filter(|file| (file.path.ends_with(".rs") || file.path.ends_with(".html")) && !is_test(&file.path))
        .collect();
    let mut problems = Vec::new();
    for file in &files {
        let unknown = named(without_tests(&file.text)).filter(|name| !there.contains(name));
        problems.extend(unknown.map(|name| format!("{}: {name:?} is no icon of the sprite", file.path)));
    }
    refuse(&problems);
}

#[test]
fn names_of_icons_are_found_in_templates_and_in_code() {
    let page =
        "{{ icon(\"check\") }} {{ ui.confirm(shell, mark=\"trash\") }} {{ icon(mark) }}{% set mark=\"\" %}";
    assert_eq!(named(page).collect::<Vec<_>>(), ["check", "trash"]);
    let code = "Nav { icon: \"home\" }.described(\"list\", \"All of them.\"); icon_into(out, \"x\");";
    assert_eq!(named(code).collect::<BTreeSet<_>>(), BTreeSet::from(["home", "list", "x"]));
}
