//! The logo: what may be one, and where it is kept.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bursar_audit::Audit;
use bursar_billing::document::{self, LogoFormat};
use bursar_context::{Cx, settings};
use bursar_db::Tx;
use bursar_fault::Fault;
use imagesize::ImageType;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::PROFILE_EDIT;

/// What is known of the logo; the pages need no more.
pub(super) const KEY: &str = "desk.logo";
/// The picture itself.
const BYTES: &str = "desk.logo_bytes";
/// It is on every page, so it had better be small.
pub(super) const MOST_BYTES: usize = 256 * 1024;
/// Pixels of a side. A small file can hold a picture that fills a browser's memory.
const MOST_PIXELS: usize = 4_000;

/// Which picture is the logo.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Logo {
    /// `png`, or nothing where there is no logo.
    pub(super) ending: String,
    /// The beginning of its SHA-256, so that another logo has another address.
    pub(super) digest: String,
    pub(super) width: usize,
    pub(super) height: usize,
}

/// Kept apart, because the other is read every few seconds.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Picture {
    base64: String,
}

impl Logo {
    /// Where it is fetched.
    pub(super) fn path(&self) -> Option<String> {
        (!self.ending.is_empty()).then(|| format!("/logo/{}.{}", self.digest, self.ending))
    }

    /// Its media type.
    pub(super) fn media_type(&self) -> String {
        format!("image/{}", self.ending)
    }

    /// The same for documents.
    pub(super) fn on_paper(&self, bytes: Vec<u8>) -> Option<document::Logo> {
        LogoFormat::parse(&self.ending).map(|format| document::Logo { format, bytes })
    }

    /// Looks at the bytes and not at what the sender calls them.
    ///
    /// # Errors
    /// What is wrong, for the person who chose the file.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, String> {
        if bytes.len() > MOST_BYTES {
            let most = MOST_BYTES / 1024;
            return Err(format!(
                "This file has {} KiB; a logo may have {most}. Save it smaller.",
                bytes.len() / 1024
            ));
        }
        let ending = match imagesize::image_type(bytes) {
            Ok(ImageType::Png) => "png",
            Ok(ImageType::Jpeg) => "jpeg",
            Ok(ImageType::Gif) => "gif",
            Ok(ImageType::Webp) => "webp",
            _ => {
                return Err(
                    "Choose a picture in PNG, JPEG, GIF or WebP. An SVG is a program as much as a picture; \
                    save it as PNG."
                        .to_owned(),
                );
            }
        };
        let broken = || "This picture is damaged: its size cannot be read. Save it again.".to_owned();
        let size = imagesize::blob_size(bytes).map_err(|_| broken())?;
        if size.width == 0 || size.height == 0 {
            return Err(broken());
        }
        if size.width > MOST_PIXELS || size.height > MOST_PIXELS {
            return Err(format!(
                "This picture is {} by {} pixels; a side may have {MOST_PIXELS}. Save it smaller.",
                size.width, size.height
            ));
        }
        let digest = Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { ending: ending.to_owned(), digest, width: size.width, height: size.height })
    }
}

/// The logo with its bytes; nothing where there is none.
pub(super) async fn find(tx: &mut Tx) -> Result<Option<(Logo, Vec<u8>)>, Fault> {
    let logo = settings::get::<Logo>(tx, KEY).await?;
    if logo.ending.is_empty() {
        return Ok(None);
    }
    let picture = settings::get::<Picture>(tx, BYTES).await?;
    let bytes =
        STANDARD.decode(picture.base64).map_err(|e| Fault::wrap("the stored logo is no base64", e))?;
    Ok(Some((logo, bytes)))
}

/// Another logo, or none. What is recorded of it is what it is, not its bytes.
pub(super) async fn put(cx: &Cx, logo: Logo, bytes: &[u8]) -> Result<(), Fault> {
    let picture = Picture { base64: STANDARD.encode(bytes) };
    cx.write(async move |tx: &mut Tx| {
        let before = settings::get::<Logo>(tx, KEY).await?;
        if before == logo {
            return Ok(());
        }
        settings::set(tx, KEY, &logo).await?;
        settings::set(tx, BYTES, &picture).await?;
        let (before, after) = (Some(json!(before)), Some(json!(logo)));
        let audit = Audit { action: PROFILE_EDIT, subject: "settings:desk.logo", before, after };
        bursar_audit::record(tx, audit).await
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The head of a PNG of so many pixels: enough to be known by.
    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 6, 0, 0, 0, 0, 0, 0, 0]);
        bytes
    }

    #[test]
    fn a_picture_is_known_by_its_bytes_and_bounded() {
        let logo = Logo::read(&png(320, 80)).unwrap();
        assert_eq!((logo.ending.as_str(), logo.width, logo.height), ("png", 320, 80));
        assert_eq!(logo.path().unwrap(), format!("/logo/{}.png", logo.digest));
        assert_eq!(logo.digest.len(), 16);
        assert!(Logo::read(&png(4_001, 80)).unwrap_err().contains("4001 by 80"));
        assert!(Logo::read(&png(0, 80)).unwrap_err().contains("damaged"));
        let mut large = png(10, 10);
        large.resize(MOST_BYTES + 1024, 0);
        assert!(Logo::read(&large).unwrap_err().contains("257 KiB"));
    }

    #[test]
    fn what_a_browser_would_run_is_no_picture() {
        for text in [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>",
            "<?xml version=\"1.0\"?><svg/>",
            "<!doctype html><script>alert(1)</script>",
            "GIF",
            "",
        ] {
            assert!(Logo::read(text.as_bytes()).is_err(), "{text}");
        }
        assert_eq!(Logo::default().path(), None);
    }
}
