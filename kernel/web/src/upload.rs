//! Forms that carry files.

use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use bytes::Bytes;
use futures_util::stream;
use multer::Multipart;

use crate::csrf::CSRF_FIELD;
use crate::form::Form;
use crate::problem::Problem;
use crate::visit::Visit;

/// Parts of a form; more than any page has.
const MOST_PARTS: usize = 200;

/// A form sent as `multipart/form-data` (RFC 7578): its fields, and the files beside them. The limit on bodies holds for
/// all of it.
#[derive(Debug, Default)]
pub struct Upload {
    /// The fields.
    pub form: Form,
    /// A file's field and its bytes. Names of files are the sender's affair and are not kept.
    files: Vec<(String, Bytes)>,
}

impl Upload {
    /// The file of a field; nothing when none was chosen.
    pub fn file(&self, field: &str) -> Option<&Bytes> {
        self.files.iter().find(|(name, bytes)| name == field && !bytes.is_empty()).map(|(_, bytes)| bytes)
    }
}

/// Whether a body of this kind has parts, and what stands between them.
fn boundary(headers: &HeaderMap) -> Option<String> {
    multer::parse_boundary(headers.get(header::CONTENT_TYPE)?.to_str().ok()?).ok()
}

/// The form token among the parts, which is what says that a form is our own.
pub(crate) async fn token(headers: &HeaderMap, body: &Bytes) -> Option<String> {
    let mut parts = parts(boundary(headers)?, body.clone());
    for _ in 0..MOST_PARTS {
        let part = parts.next_field().await.ok()??;
        if part.name() == Some(CSRF_FIELD) {
            return part.text().await.ok();
        }
    }
    None
}

fn parts(boundary: String, body: Bytes) -> Multipart<'static> {
    Multipart::new(stream::iter([Ok::<_, std::convert::Infallible>(body)]), boundary)
}

async fn read(boundary: String, body: Bytes) -> Result<Upload, multer::Error> {
    let mut upload = Upload::default();
    let mut parts = parts(boundary, body);
    for _ in 0..MOST_PARTS {
        let Some(part) = parts.next_field().await? else { break };
        let name = part.name().unwrap_or_default().to_owned();
        if part.file_name().is_some() {
            upload.files.push((name, part.bytes().await?));
        } else if name != CSRF_FIELD {
            upload.form.set(name, part.text().await?);
        }
    }
    Ok(upload)
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let broken = || Problem::new(StatusCode::BAD_REQUEST, "shell-problem-form-broken");
        let visit = request.extensions().get::<Visit>().cloned();
        let boundary = boundary(request.headers()).ok_or_else(broken)?;
        let body = Bytes::from_request(request, state).await.map_err(|_| broken())?;
        let mut upload = read(boundary, body).await.map_err(|_| broken())?;
        upload.form = upload.form.without_zero()?;
        if let Some(visit) = visit {
            upload.form.speak(visit.translator().clone());
        }
        Ok(upload)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENT: &str = "--x\r\ncontent-disposition: form-data; name=\"_csrf\"\r\n\r\nours\r\n\
        --x\r\ncontent-disposition: form-data; name=\"note\"\r\n\r\nhello\r\n\
        --x\r\ncontent-disposition: form-data; name=\"logo\"; filename=\"../../a.png\"\r\ncontent-type: image/png\r\n\r\n\x01\x02\r\n\
        --x\r\ncontent-disposition: form-data; name=\"none\"; filename=\"\"\r\n\r\n\r\n--x--\r\n";

    fn heads(kind: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::CONTENT_TYPE, header::HeaderValue::from_static(kind))])
    }

    #[tokio::test]
    async fn fields_and_files_are_told_apart_and_the_token_is_neither() {
        let body = Bytes::from_static(SENT.as_bytes());
        let upload = read("x".to_owned(), body.clone()).await.unwrap();
        assert_eq!(upload.form.text("note"), "hello");
        assert_eq!(upload.file("logo").map(|it| &it[..]), Some(&[1, 2][..]));
        assert_eq!(upload.file("none"), None, "no file was chosen");
        assert!(!upload.form.is_checked(CSRF_FIELD) && upload.file("note").is_none());
        let kind = heads("multipart/form-data; boundary=x");
        assert_eq!(token(&kind, &body).await.as_deref(), Some("ours"));
    }

    #[tokio::test]
    async fn what_has_no_parts_or_breaks_off_has_no_token_and_is_no_form() {
        let body = Bytes::from_static(b"_csrf=ours");
        assert_eq!(token(&heads("application/x-www-form-urlencoded"), &body).await, None);
        assert_eq!(token(&heads("multipart/form-data"), &body).await, None);
        assert!(read("x".to_owned(), Bytes::from_static(&SENT.as_bytes()[..200])).await.is_err());
    }
}
