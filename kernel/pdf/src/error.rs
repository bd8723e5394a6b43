//! Why a document could not be made.

use std::fmt;

/// Why a document could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// The template does not compile, or stopped over the data it was given. Holds every complaint, in order.
    #[error("template `{template}` failed: {}", list(.complaints))]
    Template {
        /// The name the template was made with.
        template: String,
        /// What is wrong and where; never empty.
        complaints: Vec<Complaint>,
    },
    /// An asset's name is not of the form `name.ext`, in lower-case letters, digits, `-` and `_`.
    #[error("`{0}` is not a name for an asset")]
    AssetName(String),
    /// The process has seen too many different asset names. They are slots (`logo.svg`) and not file names: the
    /// compiler keeps every name it ever saw.
    #[error("too many different asset names in one process")]
    TooManyAssetNames,
    /// A file handed in as a font holds no font.
    #[error("not a usable TrueType or OpenType font")]
    Font,
    /// The date is outside of what a PDF can carry (years 0 to 9999).
    #[error("the date {0} cannot be written into a PDF")]
    Date(jiff::civil::Date),
}

/// One thing the compiler did not accept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// What is wrong, in the compiler's words.
    pub message: String,
    /// Line in the template, from 1; absent when the fault is not at a place in it.
    pub line: Option<usize>,
    /// What the compiler suggests.
    pub hints: Vec<String>,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        f.write_str(&self.message)?;
        for hint in &self.hints {
            write!(f, " (hint: {hint})")?;
        }
        Ok(())
    }
}

fn list(complaints: &[Complaint]) -> String {
    complaints.iter().map(Complaint::to_string).collect::<Vec<_>>().join("; ")
}
