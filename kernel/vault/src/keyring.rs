use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bursar_ids::Rng;

use crate::secret::Secret;

const HEADER: &str = "# Keys that seal the secrets in the database. Without this file they are lost: keep a copy \
                      apart from the database's backups.\n# The last line is the active key; older ones only open.\n";

/// The keys of one installation, oldest first; the last one is active.
#[derive(Clone)]
pub struct KeyRing(Vec<(String, Secret<[u8; 32]>)>);

/// Why keys could not be read. Never contains key material.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file system refused.
    #[error("the key file {path} cannot be used")]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Others on this machine may read it.
    #[error("the key file {0} can be read by other users; run: chmod 600 {0}")]
    Exposed(PathBuf),
    /// One line is not `<id> <43 characters of base64url>`.
    #[error("line {line} of the keys is not `<id> <32 bytes in base64url>`, or its id is there twice")]
    Line {
        /// Counted from 1.
        line: usize,
    },
    /// There is no key at all.
    #[error("there are no keys; remove the empty file to make new ones (old secrets will not open)")]
    Empty,
}

pub(crate) fn is_key_id(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

impl KeyRing {
    /// One new key, `k1`.
    pub fn generate(rng: &mut Rng) -> Self {
        Self(vec![("k1".to_owned(), Secret::new(rng.bytes::<32>()))])
    }

    /// The same keys and a new active one.
    #[must_use]
    pub fn with_new_key(mut self, rng: &mut Rng) -> Self {
        let free = (1..).map(|n| format!("k{n}")).skip(self.0.len()).find(|id| self.find(id).is_none());
        let id = free.expect("a ring is shorter than the numbers");
        self.0.push((id, Secret::new(rng.bytes::<32>())));
        self
    }

    /// Reads keys from text: one `<id> <base64url>` a line (or separated by commas, for an environment variable);
    /// `#` begins a comment line; the last key is active.
    ///
    /// # Errors
    /// [`KeyFileError::Line`] and [`KeyFileError::Empty`].
    pub fn parse(text: &str) -> Result<Self, KeyFileError> {
        let mut ring = Self(Vec::new());
        for (index, line) in text.split(['\n', ',']).map(str::trim).enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let bad = || KeyFileError::Line { line: index + 1 };
            let (id, key) = line.split_once([' ', ':']).ok_or_else(bad)?;
            let bytes = Secret::new(URL_SAFE_NO_PAD.decode(key.trim()).map_err(|_| bad())?);
            let key = <[u8; 32]>::try_from(bytes.expose().as_slice()).map_err(|_| bad())?;
            if !is_key_id(id) || ring.find(id).is_some() {
                return Err(bad());
            }
            ring.0.push((id.to_owned(), Secret::new(key)));
        }
        if ring.0.is_empty() { Err(KeyFileError::Empty) } else { Ok(ring) }
    }

    /// Reads the key file, or makes one with a new key when there is none.
    ///
    /// Two processes that start at once end with the same file: the one that comes second reads the first one's.
    ///
    /// # Errors
    /// [`KeyFileError`]; on Unix also when others may read the file.
    pub fn load_or_create(path: &Path, rng: &mut Rng) -> Result<Self, KeyFileError> {
        let io = |source| KeyFileError::Io { path: path.to_owned(), source };
        if !path.try_exists().map_err(io)? {
            let draft = path.with_extension(format!("{}.new", rng.token(6)));
            write_private(&draft, &Self::generate(rng).to_text()).map_err(io)?;
            // A link fails when the name is taken and never shows a half-written file.
            let linked = std::fs::hard_link(&draft, path);
            std::fs::remove_file(&draft).map_err(io)?;
            match linked {
                Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(io(error)),
                Ok(()) | Err(_) => {}
            }
        }
        Self::load(path)
    }

    /// Reads the key file.
    ///
    /// # Errors
    /// [`KeyFileError`].
    pub fn load(path: &Path) -> Result<Self, KeyFileError> {
        let io = |source| KeyFileError::Io { path: path.to_owned(), source };
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(path).map_err(io)?.permissions().mode();
            if mode & 0o077 != 0 {
                return Err(KeyFileError::Exposed(path.to_owned()));
            }
        }
        let text = Secret::new(std::fs::read_to_string(path).map_err(io)?);
        Self::parse(text.expose())
    }

    /// Replaces the key file (after [`KeyRing::with_new_key`]) in one step.
    ///
    /// # Errors
    /// [`KeyFileError::Io`].
    pub fn save(&self, path: &Path, rng: &mut Rng) -> Result<(), KeyFileError> {
        let io = |source| KeyFileError::Io { path: path.to_owned(), source };
        let draft = path.with_extension(format!("{}.new", rng.token(6)));
        write_private(&draft, &self.to_text()).map_err(io)?;
        std::fs::rename(&draft, path).map_err(io)
    }

    fn to_text(&self) -> Secret<String> {
        let mut text = HEADER.to_owned();
        for (id, key) in &self.0 {
            text.push_str(id);
            text.push(' ');
            text.push_str(&URL_SAFE_NO_PAD.encode(key.expose()));
            text.push('\n');
        }
        Secret::new(text)
    }

    pub(crate) fn active(&self) -> (&str, &[u8; 32]) {
        let (id, key) = self.0.last().expect("a key ring is never empty");
        (id, key.expose())
    }

    pub(crate) fn find(&self, id: &str) -> Option<&[u8; 32]> {
        self.0.iter().find(|(known, _)| known == id).map(|(_, key)| key.expose())
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(id, _)| id.as_str())
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.ids()).finish()
    }
}

fn write_private(path: &Path, text: &Secret<String>) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(text.expose().as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_file_is_made_once_private_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault.keys");
        let first = KeyRing::load_or_create(&path, &mut Rng::from_seed(1)).unwrap();
        let second = KeyRing::load_or_create(&path, &mut Rng::from_seed(2)).unwrap();
        assert_eq!(first.active(), second.active());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no draft stays behind");
    }

    #[cfg(unix)]
    #[test]
    fn a_key_file_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault.keys");
        KeyRing::load_or_create(&path, &mut Rng::from_seed(1)).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(KeyRing::load(&path), Err(KeyFileError::Exposed(_))));
    }

    #[test]
    fn a_rotated_ring_survives_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault.keys");
        let mut rng = Rng::from_seed(1);
        let ring = KeyRing::load_or_create(&path, &mut rng).unwrap().with_new_key(&mut rng);
        ring.save(&path, &mut rng).unwrap();
        let read = KeyRing::load(&path).unwrap();
        assert_eq!(read.ids().collect::<Vec<_>>(), ["k1", "k2"]);
        assert_eq!(read.active(), ring.active());
    }

    #[test]
    fn keys_come_from_one_line_too() {
        let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        let ring = KeyRing::parse(&format!("a:{key},b:{key}")).unwrap();
        assert_eq!(ring.active().0, "b");
    }

    #[test]
    fn broken_keys_are_named_by_line_and_never_shown() {
        let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        for text in ["k1 short", "k1", "k.1 AAAA", &format!("k1 {key}\nk1 {key}")] {
            let error = KeyRing::parse(text).unwrap_err();
            assert!(matches!(error, KeyFileError::Line { .. }), "{text}");
            assert!(!error.to_string().contains("AAAA"));
        }
        assert!(matches!(KeyRing::parse("# nothing\n"), Err(KeyFileError::Empty)));
    }

    #[test]
    fn debug_shows_ids_only() {
        assert_eq!(format!("{:?}", KeyRing::generate(&mut Rng::from_seed(1))), r#"["k1"]"#);
    }
}
