//! The small part of MySQL's lexical grammar that dumps use.
//!
//! Every function works on what is in memory and says [`Stop::More`] when it cannot tell yet: the caller fetches more and
//! tries the item again from its beginning, or reports a truncated file.

use memchr::{memchr, memchr2, memmem};

use crate::error::Problem;
use crate::row::{Kind, Span, Values};

/// Why an item could not be read.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The item does not end in what is in memory.
    More,
    /// The item is wrong, at this position.
    Bad(usize, Problem),
}

pub(crate) type Lexed<T> = Result<T, Stop>;

pub(crate) fn byte(bytes: &[u8], at: usize) -> Lexed<u8> {
    bytes.get(at).copied().ok_or(Stop::More)
}

/// A syntax error showing the first bytes found.
pub(crate) fn unexpected<T>(bytes: &[u8], at: usize, expected: &'static str) -> Lexed<T> {
    Err(Stop::Bad(at, Problem::Syntax { expected, found: printable(&bytes[at..]) }))
}

/// The first bytes of something, safe to show.
pub(crate) fn printable(bytes: &[u8]) -> String {
    let head = &bytes[..bytes.len().min(20)];
    let line = head.split(|&b| b == b'\n').next().unwrap_or_default();
    format!("\"{}\"", if line.is_empty() { head.escape_ascii() } else { line.escape_ascii() })
}

/// Position of the next byte that is neither white space nor comment.
pub(crate) fn skip_space(bytes: &[u8], mut at: usize) -> Lexed<usize> {
    loop {
        match byte(bytes, at)? {
            b' ' | b'\n' | b'\r' | b'\t' | 0x0b | 0x0c => at += 1,
            b'/' if byte(bytes, at + 1)? == b'*' => at = block_comment_end(bytes, at)?,
            b'#' => at = line_end(bytes, at)?,
            b'-' if is_dash_comment(bytes, at)? => at = line_end(bytes, at)?,
            _ => return Ok(at),
        }
    }
}

/// `--` begins a comment only before white space or control characters; `1--1` is arithmetic.
pub(crate) fn is_dash_comment(bytes: &[u8], at: usize) -> Lexed<bool> {
    Ok(byte(bytes, at)? == b'-' && byte(bytes, at + 1)? == b'-' && byte(bytes, at + 2)? <= b' ')
}

fn line_end(bytes: &[u8], at: usize) -> Lexed<usize> {
    memchr(b'\n', &bytes[at..]).map(|found| at + found + 1).ok_or(Stop::More)
}

/// End of a `/* … */`, conditional or not: dumps put nothing there that changes tables or rows.
pub(crate) fn block_comment_end(bytes: &[u8], at: usize) -> Lexed<usize> {
    let inside = at + 2;
    memmem::find(bytes.get(inside..).ok_or(Stop::More)?, b"*/")
        .map(|found| inside + found + 2)
        .ok_or(Stop::More)
}

fn is_word_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$') || b >= 0x80
}

/// End of the bare word at `at`; equal to `at` when there is none.
pub(crate) fn word_end(bytes: &[u8], at: usize) -> Lexed<usize> {
    let length = bytes[at..].iter().position(|&b| !is_word_byte(b)).ok_or(Stop::More)?;
    Ok(at + length)
}

/// When the word at `at` is `word`, the position after it and the space behind.
pub(crate) fn keyword(bytes: &[u8], at: usize, word: &str) -> Lexed<Option<usize>> {
    let end = word_end(bytes, at)?;
    if bytes[at..end].eq_ignore_ascii_case(word.as_bytes()) {
        Ok(Some(skip_space(bytes, end)?))
    } else {
        Ok(None)
    }
}

/// A name, bare or in backticks (doubled inside) or in ANSI double quotes, and the position after it.
pub(crate) fn name(bytes: &[u8], at: usize) -> Lexed<(String, usize)> {
    let quote = byte(bytes, at)?;
    if quote != b'`' && quote != b'"' {
        let end = word_end(bytes, at)?;
        if end == at {
            return unexpected(bytes, at, "a name");
        }
        return Ok((String::from_utf8_lossy(&bytes[at..end]).into_owned(), end));
    }
    let mut text = Vec::new();
    let mut from = at + 1;
    loop {
        let end = from + memchr(quote, bytes.get(from..).ok_or(Stop::More)?).ok_or(Stop::More)?;
        text.extend_from_slice(&bytes[from..end]);
        if byte(bytes, end + 1)? != quote {
            return Ok((String::from_utf8_lossy(&text).into_owned(), end + 1));
        }
        text.push(quote);
        from = end + 2;
    }
}

/// A table's name without the database that may stand before it, and the position after it.
pub(crate) fn table_name(bytes: &[u8], at: usize) -> Lexed<(String, usize)> {
    let (first, end) = name(bytes, at)?;
    let next = skip_space(bytes, end)?;
    if bytes[next] != b'.' {
        return Ok((first, end));
    }
    name(bytes, skip_space(bytes, next + 1)?)
}

/// Position just after the delimiter that ends the statement at `at`.
pub(crate) fn statement_end(bytes: &[u8], mut at: usize, delimiter: &[u8]) -> Lexed<usize> {
    let mut passed = Vec::new();
    loop {
        let b = byte(bytes, at)?;
        if b == delimiter[0] {
            let end = at + delimiter.len();
            if bytes.len() < end {
                return Err(Stop::More);
            }
            if &bytes[at..end] == delimiter {
                return Ok(end);
            }
        }
        at = match b {
            b'\'' | b'"' => {
                passed.clear();
                string(bytes, at, &mut passed)?.1
            }
            b'`' => name(bytes, at)?.1,
            b'/' if byte(bytes, at + 1)? == b'*' => block_comment_end(bytes, at)?,
            b'#' => line_end(bytes, at)?,
            b'-' if is_dash_comment(bytes, at)? => line_end(bytes, at)?,
            _ => at + 1,
        };
    }
}

/// Reads `( value, value, … )` into `values` and returns the position after it.
pub(crate) fn row(bytes: &[u8], at: usize, values: &mut Values) -> Lexed<usize> {
    values.spans.clear();
    values.scratch.clear();
    if byte(bytes, at)? != b'(' {
        return unexpected(bytes, at, "`(` at the beginning of a row");
    }
    let mut at = skip_space(bytes, at + 1)?;
    if bytes[at] == b')' {
        return Ok(at + 1);
    }
    loop {
        let (span, end) = value(bytes, at, &mut values.scratch)?;
        values.spans.push(span);
        at = skip_space(bytes, end)?;
        match bytes[at] {
            b',' => at = skip_space(bytes, at + 1)?,
            b')' => return Ok(at + 1),
            _ => return unexpected(bytes, at, "`,` or `)` after a value"),
        }
    }
}

const A_VALUE: &str = "a value: NULL, a number, a quoted string, or a hexadecimal or binary literal";

fn value(bytes: &[u8], at: usize, scratch: &mut Vec<u8>) -> Lexed<(Span, usize)> {
    match byte(bytes, at)? {
        b'\'' | b'"' => string(bytes, at, scratch),
        b'0' if byte(bytes, at + 1)? == b'x' => hexadecimal(bytes, at, at + 2, scratch),
        b'0'..=b'9' | b'-' | b'+' | b'.' => number(bytes, at),
        b'_' => introduced(bytes, at, scratch),
        b if b.is_ascii_alphabetic() => word_value(bytes, at, scratch),
        _ => unexpected(bytes, at, A_VALUE),
    }
}

/// `_binary 'x'`, `_binary 0x78`, `_utf8mb4'x'`: the word says how to read the literal behind it.
fn introduced(bytes: &[u8], at: usize, scratch: &mut Vec<u8>) -> Lexed<(Span, usize)> {
    let end = word_end(bytes, at)?;
    let literal = skip_space(bytes, end)?;
    if !matches!(bytes[literal], b'\'' | b'"' | b'0' | b'x' | b'X' | b'b' | b'B') {
        return unexpected(bytes, literal, "a string after its character set");
    }
    let (span, next) = value(bytes, literal, scratch)?;
    let kind = if bytes[at..end].eq_ignore_ascii_case(b"_binary") { Kind::Binary } else { Kind::Quoted };
    match span.kind {
        Kind::Quoted | Kind::Binary => Ok((Span { kind, ..span }, next)),
        Kind::Null | Kind::Number => unexpected(bytes, literal, "a string after its character set"),
    }
}

fn word_value(bytes: &[u8], at: usize, scratch: &mut Vec<u8>) -> Lexed<(Span, usize)> {
    let end = word_end(bytes, at)?;
    let word = &bytes[at..end];
    if word.eq_ignore_ascii_case(b"null") {
        return Ok((Span { kind: Kind::Null, in_scratch: false, start: at, end: at }, end));
    }
    let quoted = byte(bytes, end)? == b'\'';
    if quoted && word.eq_ignore_ascii_case(b"x") {
        let (span, next) = hexadecimal(bytes, at, end + 1, scratch)?;
        return if byte(bytes, next)? == b'\'' {
            Ok((span, next + 1))
        } else {
            unexpected(bytes, next, "a hexadecimal digit")
        };
    }
    if quoted && word.eq_ignore_ascii_case(b"b") {
        return bits(bytes, end + 1, scratch);
    }
    if quoted && word.eq_ignore_ascii_case(b"n") {
        return string(bytes, end, scratch);
    }
    let digit = if word.eq_ignore_ascii_case(b"true") {
        b'1'
    } else if word.eq_ignore_ascii_case(b"false") {
        b'0'
    } else {
        return unexpected(bytes, at, A_VALUE);
    };
    let start = scratch.len();
    scratch.push(digit);
    Ok((Span { kind: Kind::Number, in_scratch: true, start, end: start + 1 }, end))
}

/// A quoted string; it stays where it is unless it has escapes.
pub(crate) fn string(bytes: &[u8], at: usize, scratch: &mut Vec<u8>) -> Lexed<(Span, usize)> {
    let quote = bytes[at];
    let mut from = at + 1;
    let mut copied_from = None;
    loop {
        let rest = bytes.get(from..).ok_or(Stop::More)?;
        let here = from + memchr2(quote, b'\\', rest).ok_or(Stop::More)?;
        let after = byte(bytes, here + 1)?;
        if bytes[here] == quote && after != quote {
            let next = here + 1;
            let Some(start) = copied_from else {
                return Ok((Span { kind: Kind::Quoted, in_scratch: false, start: at + 1, end: here }, next));
            };
            scratch.extend_from_slice(&bytes[from..here]);
            return Ok((Span { kind: Kind::Quoted, in_scratch: true, start, end: scratch.len() }, next));
        }
        copied_from.get_or_insert(scratch.len());
        scratch.extend_from_slice(&bytes[from..here]);
        if bytes[here] == quote {
            scratch.push(quote);
        } else {
            push_escape(after, scratch);
        }
        from = here + 2;
    }
}

/// The escapes of the MySQL manual, "String Literals". `\%` and `\_` keep their backslash outside patterns.
fn push_escape(after: u8, out: &mut Vec<u8>) {
    match after {
        b'0' => out.push(0),
        b'b' => out.push(0x08),
        b'n' => out.push(b'\n'),
        b'r' => out.push(b'\r'),
        b't' => out.push(b'\t'),
        b'Z' => out.push(0x1a),
        b'%' | b'_' => out.extend_from_slice(&[b'\\', after]),
        other => out.push(other),
    }
}

fn number(bytes: &[u8], at: usize) -> Lexed<(Span, usize)> {
    let mut end = at;
    if matches!(bytes[end], b'-' | b'+') {
        end += 1;
    }
    let whole = digits(bytes, end)?;
    let mut digit_count = whole - end;
    end = whole;
    if byte(bytes, end)? == b'.' {
        let fraction = digits(bytes, end + 1)?;
        digit_count += fraction - end - 1;
        end = fraction;
    }
    if digit_count == 0 {
        return unexpected(bytes, at, A_VALUE);
    }
    if matches!(byte(bytes, end)?, b'e' | b'E') {
        let sign = usize::from(matches!(byte(bytes, end + 1)?, b'-' | b'+'));
        let exponent = digits(bytes, end + 1 + sign)?;
        if exponent == end + 1 + sign {
            return unexpected(bytes, at, "a number with digits in its exponent");
        }
        end = exponent;
    }
    Ok((Span { kind: Kind::Number, in_scratch: false, start: at, end }, end))
}

fn digits(bytes: &[u8], mut at: usize) -> Lexed<usize> {
    while byte(bytes, at)?.is_ascii_digit() {
        at += 1;
    }
    Ok(at)
}

fn hexadecimal(bytes: &[u8], literal: usize, from: usize, scratch: &mut Vec<u8>) -> Lexed<(Span, usize)> {
    let rest = bytes.get(from..).ok_or(Stop::More)?;
    let length = rest.iter().position(|b| !b.is_ascii_hexdigit()).ok_or(Stop::More)?;
    if !length.is_multiple_of(2) {
        return unexpected(bytes, literal, "an even number of hexadecimal digits");
    }
    let start = scratch.len();
    scratch.extend(rest[..length].chunks_exact(2).map(|pair| nibble(pair[0]) << 4 | nibble(pair[1])));
    Ok((Span { kind: Kind::Binary, in_scratch: true, start, end: scratch.len() }, from + length))
}

fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => digit - b'A' + 10,
    }
}

/// `b'101'`: a big-endian number in as few bytes as its digits need.
fn bits(bytes: &[u8], from: usize, scratch: &mut Vec<u8>) -> Lexed<(Span, usize)> {
    let end = from + memchr(b'\'', bytes.get(from..).ok_or(Stop::More)?).ok_or(Stop::More)?;
    let digits = &bytes[from..end];
    if let Some(bad) = digits.iter().position(|b| !matches!(b, b'0' | b'1')) {
        return unexpected(bytes, from + bad, "a binary digit");
    }
    let start = scratch.len();
    for group in digits.rchunks(8).rev() {
        scratch.push(group.iter().fold(0, |sum, digit| sum << 1 | (digit - b'0')));
    }
    Ok((Span { kind: Kind::Binary, in_scratch: true, start, end: scratch.len() }, end + 1))
}
