//! Registered statements: one SQL text for both engines.
//!
//! The text is PostgreSQL's with `$N` placeholders. Four tokens cover what the engines spell differently:
//! `{any:$1}` (membership in a list of ids), `{skip_locked}`, `{for_update}` and `{like}` (case-insensitive match).
//! SQLite numbers `$N` by first appearance, so it gets `?N`.

use std::sync::OnceLock;

use crate::url::Engine;

/// A query known at compile time. Declare with [`statements!`](crate::statements).
#[derive(Debug)]
pub struct Statement {
    module: &'static str,
    name: &'static str,
    text: &'static str,
    sqlite: OnceLock<String>,
    postgres: OnceLock<String>,
}

impl Statement {
    /// Used by the `statements!` macro only.
    pub const fn new(module: &'static str, name: &'static str, text: &'static str) -> Self {
        Self { module, name, text, sqlite: OnceLock::new(), postgres: OnceLock::new() }
    }

    /// `module::NAME`, for errors and the test that prepares every statement.
    pub fn path(&self) -> String {
        format!("{}::{}", self.module, self.name)
    }

    /// The text as declared.
    pub fn text(&self) -> &'static str {
        self.text
    }

    /// The text as the engine gets it.
    pub fn for_engine(&self, engine: Engine) -> &str {
        match engine {
            Engine::Sqlite => self.sqlite.get_or_init(|| rewrite(self.text, Engine::Sqlite)),
            Engine::Postgres => self.postgres.get_or_init(|| rewrite(self.text, Engine::Postgres)),
        }
    }
}

/// Spells a text for one engine. See the module's documentation for the tokens.
pub(crate) fn rewrite(text: &str, engine: Engine) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find(['{', '$']) {
        let (before, found) = rest.split_at(at);
        out.push_str(before);
        if let Some(after) = found.strip_prefix('$') {
            out.push(if engine == Engine::Sqlite { '?' } else { '$' });
            rest = after;
            continue;
        }
        let end = found.find('}').unwrap_or(found.len() - 1);
        let token = &found[1..end];
        match (token.split_once(':'), engine) {
            (Some(("any", place)), Engine::Sqlite) => {
                out.push_str("IN (SELECT value FROM json_each(");
                out.push_str(&place.replace('$', "?"));
                out.push_str("))");
            }
            (Some(("any", place)), Engine::Postgres) => {
                out.push_str("= ANY(");
                out.push_str(place);
                out.push(')');
            }
            _ => out.push_str(plain_token(token, engine)),
        }
        rest = &found[end + 1..];
    }
    out.push_str(rest);
    out
}

fn plain_token(token: &str, engine: Engine) -> &'static str {
    match (token, engine) {
        ("skip_locked", Engine::Postgres) => "FOR UPDATE SKIP LOCKED",
        ("for_update", Engine::Postgres) => "FOR UPDATE",
        ("skip_locked" | "for_update", Engine::Sqlite) => "",
        ("like", Engine::Sqlite) => "LIKE",
        ("like", Engine::Postgres) => "ILIKE",
        ("ID", Engine::Sqlite) => "INTEGER PRIMARY KEY",
        ("ID", Engine::Postgres) => "BIGINT PRIMARY KEY",
        ("I64", Engine::Sqlite) => "INTEGER",
        ("I64", Engine::Postgres) => "BIGINT",
        ("TEXT", Engine::Sqlite) => "TEXT",
        // Byte order on both engines, whatever the cluster's locale: keyset paging and hash chains depend on it.
        ("TEXT" | "DATE", Engine::Postgres) => "TEXT COLLATE \"C\"",
        ("DATE", Engine::Sqlite) => "TEXT",
        ("BYTES", Engine::Sqlite) => "BLOB",
        ("BYTES", Engine::Postgres) => "BYTEA",
        ("STRICT", Engine::Sqlite) => "STRICT",
        ("CLUSTERED", Engine::Sqlite) => "STRICT, WITHOUT ROWID",
        ("STRICT" | "CLUSTERED", Engine::Postgres) => "",
        _ => panic!("unknown token {{{token}}} in a statement or migration"),
    }
}

/// Declares registered statements of a store and the list of them, `STATEMENTS`.
#[macro_export]
macro_rules! statements {
    ($($(#[$doc:meta])* $vis:vis $name:ident = $text:expr;)+) => {
        $($(#[$doc])* $vis static $name: $crate::Statement =
            $crate::Statement::new(module_path!(), stringify!($name), $text);)+
        /// Every statement of this store, for the test that prepares them on both engines.
        pub(crate) static STATEMENTS: &[&$crate::Statement] = &[$(&$name),+];
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_engine_gets_its_own_spelling() {
        let text = "SELECT $2, $1 FROM t WHERE id {any:$3} AND n {like} $4 {skip_locked}";
        assert_eq!(
            rewrite(text, Engine::Sqlite),
            "SELECT ?2, ?1 FROM t WHERE id IN (SELECT value FROM json_each(?3)) AND n LIKE ?4 "
        );
        assert_eq!(
            rewrite(text, Engine::Postgres),
            "SELECT $2, $1 FROM t WHERE id = ANY($3) AND n ILIKE $4 FOR UPDATE SKIP LOCKED"
        );
    }
}
