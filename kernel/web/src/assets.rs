//! The files every page needs, inside the binary.
//!
//! Each is served under a name that carries the hash of its content, so a browser may keep it for ever and a new
//! version is a new address. `cargo xtask assets` brings the third-party ones here.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::sync::OnceLock;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

/// Where assets live.
pub const ASSET_PREFIX: &str = "/assets/";

struct Source {
    name: &'static str,
    bytes: &'static [u8],
}

const SOURCES: &[Source] = &[
    Source { name: "tabler.min.css", bytes: include_bytes!("../assets/tabler.min.css") },
    Source { name: "tabler.rtl.min.css", bytes: include_bytes!("../assets/tabler.rtl.min.css") },
    Source { name: "htmx.min.js", bytes: include_bytes!("../assets/htmx.min.js") },
    Source { name: "icons.svg", bytes: include_bytes!("../assets/icons.svg") },
    Source { name: "bursar.css", bytes: OWN_LAYER.as_bytes() },
    Source { name: "resource.js", bytes: include_bytes!("../assets-src/resource.js") },
    Source { name: "board.js", bytes: include_bytes!("../assets-src/board.js") },
    Source { name: "public.css", bytes: include_bytes!("../assets-src/css/public.css") },
    Source { name: "bursar.js", bytes: include_bytes!("../assets-src/bursar.js") },
    Source { name: "bursar-passkey.js", bytes: include_bytes!("../assets-src/bursar-passkey.js") },
    Source { name: "favicon.svg", bytes: include_bytes!("../assets-src/favicon.svg") },
    Source { name: "inter-latin.woff2", bytes: include_bytes!("../assets/inter-latin.woff2") },
    Source { name: "inter-latin-ext.woff2", bytes: include_bytes!("../assets/inter-latin-ext.woff2") },
    Source { name: "echarts.simple.min.js", bytes: include_bytes!("../assets/echarts.simple.min.js") },
    Source { name: "bursar-chart.js", bytes: include_bytes!("../assets-src/bursar-chart.js") },
];

/// The design layer: written in parts, asked for once.
const OWN_LAYER: &str = concat!(
    include_str!("../assets-src/css/tokens.css"),
    include_str!("../assets-src/css/frame.css"),
    include_str!("../assets-src/css/parts.css"),
    include_str!("../assets-src/css/forms.css"),
    include_str!("../assets-src/css/resource.css"),
    include_str!("../assets-src/css/board.css"),
    include_str!("../assets-src/css/panel.css"),
    include_str!("../assets-src/css/print.css"),
);

/// Whether the sprite has an icon.
pub(crate) fn has_icon(name: &str) -> bool {
    static SPRITE: &str = include_str!("../assets/icons.svg");
    static NAMES: OnceLock<BTreeSet<&str>> = OnceLock::new();
    let read = || SPRITE.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    NAMES.get_or_init(read).contains(name)
}

struct Asset {
    content_type: &'static str,
    bytes: &'static [u8],
    etag: String,
    /// Made when first asked for: half of the files are for the other reading direction.
    gzipped: OnceLock<Bytes>,
}

struct Shelf {
    /// Plain name to full path.
    urls: BTreeMap<&'static str, String>,
    /// Name with the hash to the file.
    files: BTreeMap<String, Asset>,
}

fn shelf() -> &'static Shelf {
    static SHELF: OnceLock<Shelf> = OnceLock::new();
    SHELF.get_or_init(|| {
        let mut shelf = Shelf { urls: BTreeMap::new(), files: BTreeMap::new() };
        for source in SOURCES {
            let hash: String =
                Sha256::digest(source.bytes).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
            let (stem, extension) =
                source.name.rsplit_once('.').expect("every asset's name has an extension");
            let file = format!("{stem}.{hash}.{extension}");
            shelf.urls.insert(source.name, format!("{ASSET_PREFIX}{file}"));
            shelf.files.insert(
                file,
                Asset {
                    content_type: content_type(extension),
                    bytes: source.bytes,
                    etag: format!("\"{hash}\""),
                    gzipped: OnceLock::new(),
                },
            );
        }
        shelf
    })
}

fn content_type(extension: &str) -> &'static str {
    match extension {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// The address of an asset by its plain name, such as `bursar.css`; `None` when there is no such asset.
pub fn asset_url(name: &str) -> Option<&'static str> {
    shelf().urls.get(name).map(String::as_str)
}

/// The size in bytes of an asset as it travels compressed.
pub fn asset_compressed_bytes(name: &str) -> Option<usize> {
    let file = asset_url(name)?.strip_prefix(ASSET_PREFIX)?;
    shelf().files.get(file).map(|asset| asset.gzipped().len())
}

impl Asset {
    fn gzipped(&self) -> Bytes {
        self.gzipped
            .get_or_init(|| {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
                let packed = encoder.write_all(self.bytes).and_then(|()| encoder.finish());
                Bytes::from(packed.expect("writing to memory cannot fail"))
            })
            .clone()
    }
}

/// Answers a request for `/assets/{file}`.
pub(crate) fn answer(file: &str, headers: &HeaderMap) -> Response<Body> {
    let Some(asset) = shelf().files.get(file) else {
        let mut missing = Response::new(Body::empty());
        *missing.status_mut() = StatusCode::NOT_FOUND;
        return missing;
    };
    let mut response = Response::new(Body::empty());
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|tag| tag.as_bytes() == asset.etag.as_bytes());
    // A font is packed already.
    let gzip = asset.content_type != "font/woff2"
        && headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).is_some_and(|value| {
            value.split(',').any(|coding| coding.trim().split(';').next() == Some("gzip"))
        });
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else if gzip {
        *response.body_mut() = Body::from(asset.gzipped());
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    } else {
        *response.body_mut() = Body::from(Bytes::from_static(asset.bytes));
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(
        header::ETAG,
        HeaderValue::from_str(&asset.etag).expect("a hash in hexadecimal is a valid header"),
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_changes_with_the_content_and_the_file_is_found_by_it() {
        let url = asset_url("bursar.css").unwrap();
        assert!(url.starts_with("/assets/bursar.") && url.ends_with(".css"));
        let response = answer(url.strip_prefix(ASSET_PREFIX).unwrap(), &HeaderMap::new());
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert_eq!(answer("../Cargo.toml", &HeaderMap::new()).status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn a_browser_that_has_the_file_gets_no_body() {
        let url = asset_url("htmx.min.js").unwrap();
        let file = url.strip_prefix(ASSET_PREFIX).unwrap();
        let etag = answer(file, &HeaderMap::new()).headers()[header::ETAG].clone();
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, etag);
        assert_eq!(answer(file, &headers).status(), StatusCode::NOT_MODIFIED);
    }

    #[test]
    fn a_first_page_load_leaves_room_for_the_page_in_150_kilobytes() {
        let total: usize = [
            "tabler.min.css",
            "htmx.min.js",
            "icons.svg",
            "bursar.css",
            "resource.js",
            "bursar.js",
            "favicon.svg",
        ]
        .into_iter()
        .map(|name| asset_compressed_bytes(name).unwrap())
        .sum();
        assert!(total < 130_000, "{total} bytes compressed");
    }
}
