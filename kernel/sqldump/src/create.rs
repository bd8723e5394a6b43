//! CREATE TABLE, as far as its columns and their character sets go.

use crate::error::Problem;
use crate::lex::{self, Lexed, Stop, skip_space, unexpected};
use crate::table::{Charset, ColumnDef, DefaultValue, TableDef};

/// Words that begin a key or constraint where a column could stand.
const NOT_A_COLUMN: [&str; 10] =
    ["primary", "unique", "key", "index", "constraint", "foreign", "fulltext", "spatial", "check", "period"];

/// Words that end the type of a column.
const ATTRIBUTES: [&str; 18] = [
    "not",
    "null",
    "default",
    "auto_increment",
    "unique",
    "key",
    "primary",
    "comment",
    "collate",
    "character",
    "charset",
    "generated",
    "as",
    "on",
    "check",
    "references",
    "virtual",
    "stored",
];

#[derive(Debug, Clone, PartialEq)]
enum Token {
    /// A bare word, in lower case.
    Word(String),
    Quoted(String),
    Text(Vec<u8>),
    Mark(u8),
}

impl Token {
    fn is(&self, word: &str) -> bool {
        matches!(self, Self::Word(found) if found == word)
    }
}

/// Reads the statement that begins at `at` with CREATE, up to and without its delimiter. `None` when it creates anything
/// but a table with columns of its own.
pub(crate) fn create_table(statement: &[u8], at: usize) -> Lexed<Option<TableDef>> {
    let mut at = skip_space(statement, lex::word_end(statement, at)?)?;
    if let Some(next) = lex::keyword(statement, at, "temporary")? {
        at = next;
    }
    let Some(next) = lex::keyword(statement, at, "table")? else { return Ok(None) };
    at = next;
    for word in ["if", "not", "exists"] {
        if let Some(next) = lex::keyword(statement, at, word)? {
            at = next;
        }
    }
    let (name, end) = lex::table_name(statement, at)?;
    at = skip_space(statement, end)?;
    if statement[at] != b'(' {
        return Ok(None);
    }
    let tokens = tokens(statement, at + 1)?;
    let Some(close) = closing(&tokens) else { return unexpected(statement, at, "`)` after the columns") };
    let charset = table_charset(&tokens[close + 1..]);
    let columns: Vec<ColumnDef> =
        definitions(&tokens[..close]).into_iter().filter_map(|tokens| column(tokens, &charset)).collect();
    if columns.is_empty() {
        return Err(Stop::Bad(
            at,
            Problem::Syntax { expected: "at least one column", found: "none".to_owned() },
        ));
    }
    Ok(Some(TableDef::new(name, columns, charset)))
}

fn tokens(statement: &[u8], mut at: usize) -> Lexed<Vec<Token>> {
    let mut tokens = Vec::new();
    loop {
        at = match skip_space(statement, at) {
            Ok(at) => at,
            // The caller gives exactly one statement: its end is not a truncation.
            Err(Stop::More) => return Ok(tokens),
            Err(bad) => return Err(bad),
        };
        let (token, next) = token(statement, at)?;
        tokens.push(token);
        at = next;
    }
}

fn token(statement: &[u8], at: usize) -> Lexed<(Token, usize)> {
    match statement[at] {
        b'`' => lex::name(statement, at).map(|(name, next)| (Token::Quoted(name), next)),
        b'\'' | b'"' => {
            let mut scratch = Vec::new();
            let (span, next) = lex::string(statement, at, &mut scratch)?;
            let text = if span.in_scratch { scratch } else { statement[span.start..span.end].to_vec() };
            Ok((Token::Text(text), next))
        }
        _ => {
            let rest = &statement[at..];
            let length = rest.iter().position(|&b| !is_word_byte(b)).unwrap_or(rest.len());
            if length == 0 {
                return Ok((Token::Mark(rest[0]), at + 1));
            }
            let word = String::from_utf8_lossy(&rest[..length]).to_ascii_lowercase();
            Ok((Token::Word(word), at + length))
        }
    }
}

/// Numbers count as words here, sign and point included.
fn is_word_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$' | b'.' | b'-' | b'+') || b >= 0x80
}

fn closing(tokens: &[Token]) -> Option<usize> {
    let mut depth = 1;
    for (index, token) in tokens.iter().enumerate() {
        depth += depth_change(token);
        if depth == 0 {
            return Some(index);
        }
    }
    None
}

fn depth_change(token: &Token) -> i32 {
    match token {
        Token::Mark(b'(') => 1,
        Token::Mark(b')') => -1,
        _ => 0,
    }
}

/// The definitions between the outer parentheses, split at the commas that are not inside inner ones.
fn definitions(tokens: &[Token]) -> Vec<&[Token]> {
    let mut depth = 0;
    tokens
        .split(|token| {
            depth += depth_change(token);
            depth == 0 && *token == Token::Mark(b',')
        })
        .collect()
}

fn table_charset(options: &[Token]) -> Charset {
    find_charset(options).unwrap_or(Charset::Unspecified)
}

/// `CHARSET=x`, `CHARACTER SET x`, or else the character set of `COLLATE=x_ci`.
fn find_charset(tokens: &[Token]) -> Option<Charset> {
    let after = |index: usize| {
        tokens[index..].iter().find(|token| **token != Token::Mark(b'=')).and_then(|token| match token {
            Token::Word(name) | Token::Quoted(name) => Some(Charset::named(name)),
            Token::Text(name) => Some(Charset::named(&String::from_utf8_lossy(name))),
            Token::Mark(_) => None,
        })
    };
    let mut collation = None;
    for (index, token) in tokens.iter().enumerate() {
        if token.is("charset") {
            return after(index + 1);
        }
        if token.is("character") && tokens.get(index + 1).is_some_and(|next| next.is("set")) {
            return after(index + 2);
        }
        if token.is("collate") && collation.is_none() {
            collation = after(index + 1);
        }
    }
    collation
}

fn column(tokens: &[Token], table_charset: &Charset) -> Option<ColumnDef> {
    let (name, rest) = match tokens.split_first()? {
        (Token::Quoted(name), rest) => (name.clone(), rest),
        (Token::Word(word), _) if NOT_A_COLUMN.contains(&word.as_str()) => return None,
        (Token::Word(word), rest) => (word.clone(), rest),
        (Token::Text(bytes), rest) => (String::from_utf8_lossy(bytes).into_owned(), rest),
        (Token::Mark(_), _) => return None,
    };
    let end = type_end(rest);
    let (type_tokens, attributes) = rest.split_at(end);
    let type_text = type_text(type_tokens);
    let nullable = !attributes.windows(2).any(|pair| pair[0].is("not") && pair[1].is("null"));
    let charset = match type_text.split(['(', ' ']).next().unwrap_or_default() {
        "blob" | "tinyblob" | "mediumblob" | "longblob" | "binary" | "varbinary" | "bit" | "geometry"
        | "point" | "linestring" | "polygon" | "multipoint" | "multilinestring" | "multipolygon"
        | "geometrycollection" => Charset::Binary,
        _ => find_charset(attributes).unwrap_or_else(|| table_charset.clone()),
    };
    Some(ColumnDef { name, type_text, nullable, default: default(attributes), charset })
}

fn type_end(tokens: &[Token]) -> usize {
    let mut depth = 0;
    for (index, token) in tokens.iter().enumerate() {
        depth += depth_change(token);
        if depth == 0
            && index > 0
            && matches!(token, Token::Word(word) if ATTRIBUTES.contains(&word.as_str()))
        {
            return index;
        }
    }
    tokens.len()
}

fn type_text(tokens: &[Token]) -> String {
    let mut text = String::new();
    for token in tokens {
        match token {
            Token::Word(word) => {
                if text.ends_with(|last: char| last.is_ascii_alphanumeric() || last == ')') {
                    text.push(' ');
                }
                text.push_str(word);
            }
            Token::Quoted(name) => text.push_str(name),
            Token::Text(bytes) => {
                text.push('\'');
                text.push_str(&String::from_utf8_lossy(bytes).replace('\'', "''"));
                text.push('\'');
            }
            Token::Mark(mark) => text.push(char::from(*mark)),
        }
    }
    text
}

fn default(attributes: &[Token]) -> DefaultValue {
    let Some(index) = attributes.iter().position(|token| token.is("default")) else {
        return DefaultValue::Null;
    };
    match attributes.get(index + 1) {
        Some(Token::Text(bytes)) => DefaultValue::Text(bytes.clone()),
        Some(Token::Word(word)) if word == "null" => DefaultValue::Null,
        Some(Token::Word(word))
            if word.trim_start_matches(['-', '+', '.']).starts_with(|c: char| c.is_ascii_digit()) =>
        {
            DefaultValue::Number(word.clone())
        }
        Some(Token::Word(word)) => DefaultValue::Expression(word.clone()),
        Some(Token::Quoted(_) | Token::Mark(_)) => DefaultValue::Expression("(…)".to_owned()),
        None => DefaultValue::Null,
    }
}
