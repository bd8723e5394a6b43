//! Any program on this machine as a hosting driver: JSON on its standard input, JSON on its standard output, and the
//! exit codes of `sysexits.h`.
//!
//! A program is chosen by its file name and must lie in the folder that the operator of this machine set aside for it.
//! Whoever may edit servers in the admin area must not be able to run whatever they like here.
//!
//! Deliberately absent: arguments and environment variables, which other users of the machine can read, and programs that
//! stay running. One question is one process; what must be remembered, the program's panel remembers.

mod ending;
mod settings;

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use bursar_hosting::relay::{Carrier, Question, Relay};
use bursar_hosting::{Manifest, server};
use bursar_outbound::{Call, CallError, Program};
use serde_json::Value;

/// The driver's id, stored with every server and resource.
pub const ID: &str = "exec";

/// The driver.
pub type Exec = Relay<Programs>;

/// The folder with the programs.
#[derive(Debug, Clone, Default)]
pub struct Programs(Option<PathBuf>);

/// The driver over the programs of a folder; without one there are none.
pub fn exec(folder: Option<&Path>) -> Exec {
    // A program begins in its own folder, from where a relative path would lead elsewhere.
    let whole = |folder: &Path| std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    Relay(Programs(folder.map(whole)))
}

impl Programs {
    /// The program of the call's server.
    fn chosen(&self, call: &Call) -> Result<PathBuf, CallError> {
        let name = server::setting(call, settings::PROGRAM, "program")?;
        let refused = |why: String| Err(CallError::Refused(why));
        if !is_plain(name) {
            return refused(format!("{name:?} is not the plain name of a file"));
        }
        let Some(folder) = &self.0 else {
            return refused("this installation has no folder for programs".to_owned());
        };
        let path = folder.join(name);
        if is_anybody_s(&path) {
            return refused(format!(
                "everybody on this machine may write to {}; take that right away with chmod o-w",
                path.display()
            ));
        }
        Ok(path)
    }
}

/// A file name that cannot lead out of its folder.
fn is_plain(name: &str) -> bool {
    let spelled = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
    spelled && !name.is_empty() && !name.starts_with('.') && !name.starts_with('-')
}

/// Whether anybody could have put something else there. What is not there is found out by starting it.
fn is_anybody_s(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|there| there.permissions().mode() & 0o002 != 0)
}

#[async_trait]
impl Carrier for Programs {
    fn manifest(&self) -> &Manifest {
        &settings::MANIFEST
    }

    async fn carry(&self, call: &Call, question: &Question) -> Result<Value, CallError> {
        let path = self.chosen(call)?;
        let input = question.expose();
        let program = Program {
            path: &path,
            input: input.as_bytes(),
            shown: &question.shown(),
            secrets: &question.secrets(),
            output_is_secret: question.answer_is_secret(),
        };
        ending::answer(&program.run(call).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_are_programs() {
        for good in ["panel", "panel.py", "my-panel_2"] {
            assert!(is_plain(good), "{good}");
        }
        for bad in ["", ".", "..", ".hidden", "../panel", "a/b", "/bin/sh", "a b", "a;b", "-x", "a\nb", "é"]
        {
            assert!(!is_plain(bad), "{bad}");
        }
    }
}
