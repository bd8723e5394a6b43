//! The script behind order buttons on other people's pages.

use axum::body::Body;
use axum::http::{HeaderValue, Response, header};
use bursar_web::PageResult;

const SCRIPT: &str = include_str!("order_button.js");
const FRESH: &str = "public, max-age=3600";

/// Asked for with `crossorigin`, so that the browser checks that we mean it to be used from elsewhere.
pub(super) async fn script() -> PageResult {
    let mut response = Response::new(Body::from(SCRIPT));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(FRESH));
    Ok(response)
}
