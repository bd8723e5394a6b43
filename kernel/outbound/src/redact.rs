//! Takes secrets out of text before it is logged, stored or shown.

use crate::Credentials;

pub(crate) const HIDDEN: &str = "[hidden]";
/// Shorter values would hide ordinary words.
const SHORTEST_SECRET: usize = 4;
/// Lengths of payment card numbers (ISO/IEC 7812).
const CARD_DIGITS: std::ops::RangeInclusive<usize> = 13..=19;

/// The text without the account's secrets and without payment card numbers, which have no business here even when a
/// vendor sends one. Longer secrets are hidden first, so that one that contains another leaves no rest.
pub fn redact(text: &str, credentials: &Credentials) -> String {
    let mut secrets: Vec<&str> = credentials.secrets().filter(|s| s.len() >= SHORTEST_SECRET).collect();
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    let mut out = text.to_owned();
    for secret in secrets {
        out = out.replace(secret, HIDDEN);
    }
    hide_card_numbers(&out)
}

/// Hides runs of digits (spaces and hyphens between allowed) that have a card number's length and check digit.
fn hide_card_numbers(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut copied = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        let mut end = at;
        let mut digits = Vec::new();
        while at < bytes.len() {
            match bytes[at] {
                digit @ b'0'..=b'9' => {
                    digits.push(digit - b'0');
                    at += 1;
                    end = at;
                }
                b' ' | b'-' if bytes.get(at + 1).is_some_and(u8::is_ascii_digit) => at += 1,
                _ => break,
            }
        }
        if CARD_DIGITS.contains(&digits.len()) && passes_luhn(&digits) {
            out.push_str(&text[copied..start]);
            out.push_str(HIDDEN);
            copied = end;
        }
    }
    out.push_str(&text[copied..]);
    out
}

/// The check-digit rule of ISO/IEC 7812-1.
fn passes_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &digit)| {
            let value = u32::from(digit) * if place % 2 == 1 { 2 } else { 1 };
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_and_card_numbers_are_hidden_and_the_rest_stays() {
        let credentials =
            Credentials::none().with("key", "sk_live_1").with("long", "sk_live_12345").with("pin", "42");
        let text = "key sk_live_12345 and sk_live_1, card 4242 4242 4242 4242, invoice 2026000101 for 42 EUR";
        assert_eq!(
            redact(text, &credentials),
            "key [hidden] and [hidden], card [hidden], invoice 2026000101 for 42 EUR"
        );
    }

    #[test]
    fn long_numbers_without_a_card_check_digit_stay() {
        assert_eq!(redact("ref 4242424242424241 é", &Credentials::none()), "ref 4242424242424241 é");
        assert_eq!(redact("4242-4242-4242-4242é", &Credentials::none()), "[hidden]é");
    }
}
