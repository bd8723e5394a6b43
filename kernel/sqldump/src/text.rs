//! Text out of the bytes of a dump: what was meant, not what was stored.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;

use crate::table::Charset;

/// How a text had to be corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repair {
    /// The bytes were no UTF-8 and were read as Windows-1252.
    SingleByte,
    /// The text was UTF-8 that had been taken for Windows-1252 and encoded once more.
    DoubleEncoded,
}

/// A text and what was done to get it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text, borrowed when nothing had to be done.
    pub text: Cow<'a, str>,
    /// What had to be done, if anything.
    pub repaired: Option<Repair>,
}

/// Decodes a text value of a column with that character set.
///
/// Valid UTF-8 stays, anything else is read as Windows-1252 with its five holes mapped to the same code points, which is
/// what MySQL calls latin1. Double encoding is undone only in latin1 columns, where old applications wrote UTF-8 bytes
/// through a latin1 connection and a UTF-8 dump then encoded every one of them; in a UTF-8 column `Ã¼` may be meant.
pub fn decode<'a>(bytes: &'a [u8], charset: &Charset) -> Decoded<'a> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
        return Decoded { text, repaired: Some(Repair::SingleByte) };
    };
    if *charset == Charset::Latin1
        && let Some(text) = repair_double_encoding(text)
    {
        return Decoded { text: Cow::Owned(text), repaired: Some(Repair::DoubleEncoded) };
    }
    Decoded { text: Cow::Borrowed(text), repaired: None }
}

/// Undoes one double encoding (`MÃ¼ller` gives `Müller`), or `None` when the text cannot be the result of one: a character
/// outside Windows-1252, bytes that are no UTF-8, or nothing but ASCII.
pub fn repair_double_encoding(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let (bytes, _, has_unmappable) = WINDOWS_1252.encode(text);
    if has_unmappable {
        return None;
    }
    String::from_utf8(bytes.into_owned()).ok()
}

/// Replaces `&amp; &lt; &gt; &quot; &apos;` and numeric entities by their characters, once: `&amp;lt;` gives `&lt;`.
///
/// Everything else stays as it is, numbers that name no character included.
pub fn unescape_html_once(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match entity(rest) {
            Some((character, length)) => {
                out.push(character);
                rest = &rest[length..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The character and length of the entity at the beginning of `text`.
fn entity(text: &str) -> Option<(char, usize)> {
    /// `&#x10FFFF;` with room for leading zeros.
    const LONGEST: usize = 12;
    let end = text.bytes().take(LONGEST).position(|b| b == b';')?;
    let character = match &text[1..end] {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        numeric => {
            let digits = numeric.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hexadecimal) if hexadecimal.bytes().all(|b| b.is_ascii_hexdigit()) => {
                    u32::from_str_radix(hexadecimal, 16).ok()?
                }
                None if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().ok()?,
                _ => return None,
            };
            char::from_u32(code).filter(|&c| c != '\0')?
        }
    };
    Some((character, end + 1))
}
