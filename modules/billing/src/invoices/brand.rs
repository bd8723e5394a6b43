//! The look of documents: two colours and a logo. Whoever keeps the look of the pages says it here too, so that a document
//! can be made wherever billing runs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bursar_context::settings;
use bursar_db::Tx;
use bursar_fault::Fault;
use serde::{Deserialize, Serialize};

use crate::document::{Brand, Colour, Logo, LogoFormat};

const KEY: &str = "billing.brand";

/// The look as it lies in the settings. What is empty is the default.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Stored {
    /// `#rrggbb`.
    primary: String,
    /// `#rrggbb`.
    accent: String,
    /// `png`.
    logo_ending: String,
    logo_base64: String,
}

/// The look in force.
///
/// # Errors
/// Faults of the database, and a stored picture that is no base64.
pub(crate) async fn load(tx: &mut Tx) -> Result<Brand, Fault> {
    let stored: Stored = settings::get(tx, KEY).await?;
    let usual = Brand::default();
    let logo = match LogoFormat::parse(&stored.logo_ending) {
        None => None,
        Some(format) => {
            let bytes = STANDARD.decode(&stored.logo_base64);
            Some(Logo { format, bytes: bytes.map_err(|e| Fault::wrap("the stored logo is no base64", e))? })
        }
    };
    Ok(Brand {
        logo,
        primary: Colour::parse(&stored.primary).unwrap_or(usual.primary),
        accent: Colour::parse(&stored.accent).unwrap_or(usual.accent),
    })
}

/// Gives documents another look from now on; those that are made again take it too. Pass the logo through
/// [`check_logo`](crate::document::check_logo) first.
///
/// # Errors
/// Faults of the database.
pub async fn put(tx: &mut Tx, brand: &Brand) -> Result<(), Fault> {
    let (ending, bytes) =
        brand.logo.as_ref().map_or(("", &[][..]), |logo| (logo.format.ending(), logo.bytes.as_slice()));
    let stored = Stored {
        primary: brand.primary.to_string(),
        accent: brand.accent.to_string(),
        logo_ending: ending.to_owned(),
        logo_base64: STANDARD.encode(bytes),
    };
    if settings::get::<Stored>(tx, KEY).await? == stored {
        return Ok(());
    }
    settings::set(tx, KEY, &stored).await
}
