//! Passwords that everybody who guesses tries first.
//!
//! The list is the 10,000 most common passwords of past breaches as zxcvbn ships them (MIT, see
//! `common.LICENSE.txt`). Ours are longer than most of them, so what people make of a common one to reach the length is
//! looked at too: something added before or after it, the same again and again, keys in a row.

use std::collections::BTreeSet;
use std::sync::OnceLock;

const LIST: &str = include_str!("common.txt");
/// Rows of keys and of signs, in the order people run over them.
const ROWS: &[&str] = &[
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789012345678901234567890",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb",
];
/// How long a core must be for what surrounds it to count as decoration.
const SHORTEST_CORE: usize = 5;

fn list() -> &'static BTreeSet<&'static str> {
    static SET: OnceLock<BTreeSet<&'static str>> = OnceLock::new();
    SET.get_or_init(|| LIST.lines().collect())
}

/// Whether a password is a common one, or one with decoration.
pub(super) fn is_common(password: &str) -> bool {
    let plain = password.to_lowercase();
    let letters = plain.trim_matches(|c: char| !c.is_alphabetic());
    let is_listed = |text: &str| list().contains(text);
    if is_listed(&plain) || (letters.len() >= SHORTEST_CORE && is_listed(letters)) {
        return true;
    }
    let unit = repeated_unit(&plain);
    unit.chars().count() <= 3 || is_in_a_row(unit) || (unit.len() < plain.len() && is_listed(unit))
}

/// The shortest text of which the whole is a repetition: `abcabcab` is made of `abc`.
fn repeated_unit(text: &str) -> &str {
    (1..text.len())
        .filter(|at| text.is_char_boundary(*at))
        .map(|at| &text[..at])
        .find(|unit| text.bytes().zip(unit.bytes().cycle()).all(|(a, b)| a == b))
        .unwrap_or(text)
}

fn is_in_a_row(text: &str) -> bool {
    text.len() >= 4
        && ROWS.iter().any(|row| {
            let backwards: String = row.chars().rev().collect();
            row.contains(text) || backwards.contains(text)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_passwords_are_found_behind_their_decoration() {
        assert_eq!(list().len(), 10_000);
        for password in [
            "password",
            "Password12345",
            "!!!dragon2026!!!",
            "monkeymonkey",
            "aaaaaaaaaaaa",
            "abcabcabcabcab",
            "123456789012",
            "qwertyuiopas",
            "987654321098",
            "1qaz2wsx3edc",
        ] {
            assert!(is_common(password), "{password}");
        }
    }

    #[test]
    fn a_sentence_or_something_random_is_fine() {
        for password in ["seven grey otters", "correct-horse-demo", "vT9#kq2LmZ!x", "Überraschung am Montag"]
        {
            assert!(!is_common(password), "{password}");
        }
    }
}
