//! Boot configuration: one small file, variables and options; everything else is settings in the database.

use std::path::{Path, PathBuf};

use bursar_db::DatabaseUrl;
use serde::Deserialize;

use crate::cli::Global;

/// What cannot be read is refused with the place and the remedy.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is not there or not readable.
    #[error("the configuration file {0} cannot be read: {1}")]
    Unreadable(PathBuf, std::io::Error),
    /// The file is not what we expect.
    #[error("the configuration file {0} is wrong: {1}")]
    Wrong(PathBuf, String),
}

/// The file, all optional.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    data: Option<PathBuf>,
    database: Option<String>,
    listen: Option<String>,
    behind_tls: Option<bool>,
    public_url: Option<String>,
    connections: Option<usize>,
}

/// The configuration in force.
#[derive(Debug, Clone)]
pub struct Config {
    /// Keys, the embedded database, the sandbox gateway's memory.
    pub data: PathBuf,
    /// The database.
    pub database: DatabaseUrl,
    /// Where to listen.
    pub listen: String,
    /// People reach us over TLS.
    pub behind_tls: bool,
    /// The address people use, `https://billing.example.com`, for links in mails; the listening address without one.
    pub public_url: Option<String>,
    /// Database connections (readers on SQLite).
    pub connections: Option<usize>,
}

impl Config {
    /// Options win over variables (clap sees to that), both over the file, all over the defaults.
    pub fn load(global: &Global) -> Result<Self, ConfigError> {
        let file = match &global.config {
            Some(path) => read(path)?,
            None => File::default(),
        };
        let data = global.data.clone().or(file.data).unwrap_or_else(|| PathBuf::from("bursar-data"));
        let database = match (&global.database, &file.database, &global.config) {
            (Some(url), _, _) => url.clone(),
            (None, Some(text), Some(path)) => {
                text.parse().map_err(|why| ConfigError::Wrong(path.clone(), format!("database: {why}")))?
            }
            _ => DatabaseUrl::Sqlite(data.join("bursar.sqlite")),
        };
        Ok(Self {
            data,
            database,
            listen: file.listen.unwrap_or_else(|| "127.0.0.1:8080".to_owned()),
            behind_tls: file.behind_tls.unwrap_or(false),
            public_url: file.public_url,
            connections: file.connections,
        })
    }
}

fn read(path: &Path) -> Result<File, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|e| ConfigError::Unreadable(path.to_owned(), e))?;
    toml::from_str(&text).map_err(|e| ConfigError::Wrong(path.to_owned(), e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn global(config: Option<PathBuf>) -> Global {
        Global { data: None, database: None, config, json: false, verbose: false }
    }

    #[test]
    fn the_default_is_an_embedded_database_in_the_data_directory() {
        let config = Config::load(&global(None)).unwrap();
        assert_eq!(config.database, DatabaseUrl::Sqlite("bursar-data/bursar.sqlite".into()));
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_it() {
        let path = std::env::temp_dir().join(format!("bursar-config-{}.toml", std::process::id()));
        std::fs::write(&path, "databse = \"sqlite:x\"\n").unwrap();
        let error = Config::load(&global(Some(path.clone()))).unwrap_err().to_string();
        std::fs::remove_file(&path).unwrap();
        assert!(error.contains("databse"), "{error}");
    }
}
