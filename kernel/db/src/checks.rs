//! Lists in the checks of tables, as SQLite is quick with them.
//!
//! SQLite builds a table in memory of an `IN` list of three or more values and throws it away again, for every row that
//! is checked: one such check takes longer than writing the row. The same said as comparisons costs next to nothing.

/// The shortest list of which SQLite makes a table.
const LONG: usize = 3;

/// Every `CHECK (… column IN ('a', 'b', 'c') …)` of a text as comparisons. Anything else stays as it is.
pub(crate) fn as_comparisons(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some(at) = rest.find("CHECK (") {
        let inside = at + "CHECK (".len();
        let end = inside + closing(&rest[inside..]);
        out.push_str(&rest[..inside]);
        compare(&rest[inside..end], &mut out);
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// Where what was opened before the text is closed, or the end.
fn closing(text: &str) -> usize {
    let (mut depth, mut is_quoted) = (0, false);
    for (at, letter) in text.char_indices() {
        match letter {
            '\'' => is_quoted = !is_quoted,
            '(' if !is_quoted => depth += 1,
            ')' if !is_quoted && depth == 0 => return at,
            ')' if !is_quoted => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

fn compare(check: &str, out: &mut String) {
    let mut rest = check;
    while let Some(at) = rest.find(" IN (") {
        let (before, list) = (&rest[..at], &rest[at + " IN (".len()..]);
        let end = closing(list);
        let start = before.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_').map_or(0, |at| at + 1);
        let column = &before[start..];
        let values: Vec<&str> = list[..end].split(',').map(str::trim).collect();
        let are_words = values.iter().all(|value| is_word(value));
        let after = (end + 1).min(list.len());
        if column.is_empty() || !are_words || values.len() < LONG {
            out.push_str(&rest[..at + " IN (".len() + after]);
        } else {
            let each: Vec<String> = values.iter().map(|value| format!("{column} = {value}")).collect();
            out.push_str(&before[..start]);
            out.push('(');
            out.push_str(&each.join(" OR "));
            out.push(')');
        }
        rest = &list[after..];
    }
    out.push_str(rest);
}

/// A quoted word of letters, so that a comma within quotes is never mistaken for one between values.
fn is_word(value: &str) -> bool {
    let inner = value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    inner.is_some_and(|word| word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_are_comparisons() {
        assert_eq!(
            as_comparisons(
                "state TEXT CHECK (state IN ('new', 'done',\n    'dead')), n INTEGER CHECK (n IN (0, 1, 2))"
            ),
            "state TEXT CHECK ((state = 'new' OR state = 'done' OR state = 'dead')), n INTEGER CHECK (n IN (0, 1, 2))"
        );
        assert_eq!(
            as_comparisons("CHECK ((state IN ('a', 'b', 'c')) = (ended_at IS NOT NULL)) )"),
            "CHECK (((state = 'a' OR state = 'b' OR state = 'c')) = (ended_at IS NOT NULL)) )"
        );
        assert_eq!(
            as_comparisons("CHECK (NOT (a IN ('x', 'y', 'z') AND b_1 IN ('x', 'y', 'z')))"),
            "CHECK (NOT ((a = 'x' OR a = 'y' OR a = 'z') AND (b_1 = 'x' OR b_1 = 'y' OR b_1 = 'z')))"
        );
    }

    #[test]
    fn everything_else_stays() {
        for text in [
            "kind TEXT CHECK (kind IN ('staff', 'user'))",
            "CHECK (kind IN ('a, b', 'c', 'd'))",
            "CHECK (kind IN ('a'')', 'c', 'd'))",
            "CHECK (LENGTH(kind) IN (SELECT 1, 2, 3))",
            "CREATE INDEX i ON t (id) WHERE state IN ('a', 'b', 'c');",
            "SELECT id FROM t WHERE state IN ('a', 'b', 'c')",
        ] {
            assert_eq!(as_comparisons(text), text);
        }
    }

    #[test]
    fn the_same_rows_pass() {
        let list = "CREATE TABLE t (s TEXT CHECK (s IN ('a', 'b', 'c'))) STRICT";
        for sql in [list.to_owned(), as_comparisons(list)] {
            let db = rusqlite::Connection::open_in_memory().unwrap();
            db.execute_batch(&sql).unwrap();
            for (value, passes) in
                [(Some("a"), true), (Some("c"), true), (None, true), (Some("d"), false), (Some("A"), false)]
            {
                assert_eq!(
                    db.execute("INSERT INTO t VALUES (?1)", [value]).is_ok(),
                    passes,
                    "{value:?} {sql}"
                );
            }
        }
    }
}
