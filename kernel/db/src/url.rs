//! Where the database is.

use std::path::PathBuf;
use std::str::FromStr;

use crate::postgres;

/// The two engines Bursar runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Embedded, one file per tenant.
    Sqlite,
    /// A server shared by several stateless nodes.
    Postgres,
}

impl Engine {
    /// The name used in logs and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// `sqlite:PATH` or `postgres://…`.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// Path of the database file; created when missing.
    Sqlite(PathBuf),
    /// A libpq connection URL; may carry a password, so it never prints.
    Postgres(String),
}

impl DatabaseUrl {
    /// Which engine this address speaks to.
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl std::fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            // Options may hold a password too.
            Self::Postgres(url) => match url.split('?').next().unwrap_or_default().rsplit_once('@') {
                Some((_, place)) => write!(f, "postgres://…@{place}"),
                None => f.write_str(url.split('?').next().unwrap_or_default()),
            },
        }
    }
}

impl FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() {
                return Err(
                    "sqlite: needs the path of a file, for example sqlite:/var/lib/bursar/main.sqlite".into(),
                );
            }
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            postgres::read(text)?;
            return Ok(Self::Postgres(text.to_owned()));
        }
        Err(format!("{text:?} is not a database address; use sqlite:PATH or postgres://USER@HOST/DATABASE"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_parse_and_never_print_a_password() {
        assert_eq!("sqlite:/a/b.sqlite".parse(), Ok(DatabaseUrl::Sqlite("/a/b.sqlite".into())));
        let url: DatabaseUrl = "postgres://me:secret@db/bursar".parse().unwrap();
        assert_eq!(url.to_string(), "postgres://…@db/bursar");
        assert!(!format!("{url:?}").contains("secret"));
        let url: DatabaseUrl = "postgres://db/bursar?user=me&password=secret".parse().unwrap();
        assert_eq!(url.to_string(), "postgres://db/bursar");
        let wrong = "postgres://db/x?sslmode=maybe".parse::<DatabaseUrl>().unwrap_err();
        assert!(wrong.contains("sslmode=maybe"), "{wrong}");
        assert!("postgres://db/x?colour=red".parse::<DatabaseUrl>().unwrap_err().contains("colour"));
        assert!("mysql://x".parse::<DatabaseUrl>().unwrap_err().contains("sqlite:PATH"));
    }
}
