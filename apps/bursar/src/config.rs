//! Boot configuration: one small file, variables and options; everything else is settings in the database.

use std::path::{Path, PathBuf};

use axum::http::HeaderName;
use bursar_db::DatabaseUrl;
use bursar_web::{NotANetwork, TrustedProxies};
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
    trusted_proxies: Option<Vec<String>>,
    client_ip_header: Option<String>,
    connections: Option<usize>,
    theme: Option<PathBuf>,
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
    /// The proxies in front, whose word counts about where a request comes from.
    pub proxies: TrustedProxies,
    /// Database connections that read; on PostgreSQL as many write.
    pub connections: Option<usize>,
    /// A folder whose templates replace ours of the same name.
    pub theme: Option<PathBuf>,
}

impl Config {
    /// Everything in one folder, over an embedded database, on a free loopback port: for tests and tools.
    pub fn embedded(data: &Path) -> Self {
        Self {
            data: data.to_owned(),
            database: DatabaseUrl::Sqlite(data.join("bursar.sqlite")),
            listen: "127.0.0.1:0".to_owned(),
            behind_tls: false,
            public_url: None,
            connections: None,
            proxies: TrustedProxies::none(),
            theme: None,
        }
    }

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
        let proxies = proxies(file.trusted_proxies.unwrap_or_default(), file.client_ip_header)
            .map_err(|why| ConfigError::Wrong(global.config.clone().unwrap_or_default(), why))?;
        Ok(Self {
            data,
            database,
            listen: file.listen.unwrap_or_else(|| "127.0.0.1:8080".to_owned()),
            behind_tls: file.behind_tls.unwrap_or(false),
            public_url: file.public_url,
            proxies,
            connections: file.connections,
            theme: file.theme,
        })
    }

    /// Where people reach us, without a slash at the end.
    pub fn public_address(&self) -> String {
        let scheme = if self.behind_tls { "https" } else { "http" };
        let address = self.public_url.clone().unwrap_or_else(|| format!("{scheme}://{}", self.listen));
        address.trim_end_matches('/').to_owned()
    }
}

fn proxies(networks: Vec<String>, header: Option<String>) -> Result<TrustedProxies, String> {
    let networks = networks
        .iter()
        .map(|text| text.parse())
        .collect::<Result<_, NotANetwork>>()
        .map_err(|why| format!("trusted_proxies: {why}"))?;
    let header = match header {
        None => TrustedProxies::USUAL_HEADER,
        Some(name) => HeaderName::try_from(&name)
            .map_err(|_| format!("client_ip_header: {name:?} is not the name of a header"))?,
    };
    Ok(TrustedProxies::new(networks, header))
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

    fn load(name: &str, text: &str) -> Result<Config, ConfigError> {
        let path = std::env::temp_dir().join(format!("bursar-config-{name}-{}.toml", std::process::id()));
        std::fs::write(&path, text).unwrap();
        let loaded = Config::load(&global(Some(path.clone())));
        std::fs::remove_file(&path).unwrap();
        loaded
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_it() {
        let error = load("unknown", "databse = \"sqlite:x\"\n").unwrap_err().to_string();
        assert!(error.contains("databse"), "{error}");
    }

    #[test]
    fn proxies_are_named_by_network_and_a_wrong_one_is_refused_with_the_key() {
        let config =
            load("proxies", "trusted_proxies = [\"10.0.0.0/8\"]\nclient_ip_header = \"X-Real-IP\"\n");
        let expected =
            TrustedProxies::new(vec!["10.0.0.0/8".parse().unwrap()], HeaderName::from_static("x-real-ip"));
        assert_eq!(config.unwrap().proxies, expected);
        assert_eq!(load("none", "").unwrap().proxies, TrustedProxies::none());
        for (name, text, key) in [
            ("network", "trusted_proxies = [\"proxy.local\"]", "trusted_proxies"),
            ("header", "client_ip_header = \"not a header\"", "client_ip_header"),
        ] {
            let error = load(name, text).unwrap_err().to_string();
            assert!(error.contains(key), "{error}");
        }
    }
}
