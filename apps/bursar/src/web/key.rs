//! The key for form tokens and signed cookies: a file beside the other keys, so that sessions outlive a restart.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use bursar_fault::Fault;
use bursar_ids::Rng;
use bursar_web::ShellKey;

const FILE: &str = "shell-key";

/// Reads the key, making it first when there is none.
pub(super) fn load_or_create(data: &Path, rng: &mut Rng) -> Result<ShellKey, Fault> {
    let path = data.join(FILE);
    let wrap = |e: std::io::Error| Fault::wrap(format!("the key file {} cannot be used", path.display()), e);
    match std::fs::read(&path) {
        Ok(bytes) => read(&bytes, &path),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let key: [u8; 32] = rng.bytes();
            // Written beside it and moved there: half a key is never read.
            let draft = path.with_extension(rng.token(6));
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(&draft).map_err(wrap)?;
            file.write_all(&key).and_then(|()| file.sync_all()).map_err(wrap)?;
            std::fs::rename(&draft, &path).map_err(wrap)?;
            Ok(ShellKey::new(key))
        }
        Err(error) => Err(wrap(error)),
    }
}

fn read(bytes: &[u8], path: &Path) -> Result<ShellKey, Fault> {
    let key = <[u8; 32]>::try_from(bytes);
    key.map(ShellKey::new).map_err(|_| Fault::new(format!("{} is not a key of 32 bytes", path.display())))
}
