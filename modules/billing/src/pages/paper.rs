//! Documents as PDF.

use axum::body::Body;
use axum::http::{HeaderValue, Response, header};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_pdf::Typesetter;
use bursar_web::PageResult;

use super::Pages;

/// The document, shown in the browser.
pub(crate) async fn pdf(pages: &Pages, cx: &Cx, id: i64) -> PageResult {
    let (name, bytes) = typeset(pages, cx, id).await?;
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    let disposition = HeaderValue::from_str(&format!("inline; filename=\"{name}\""))
        .map_err(|e| Fault::wrap("naming a document", e))?;
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    Ok(response)
}

/// The document with the name of its file. Typesetting takes a processor for milliseconds: not on a thread that answers.
pub(crate) async fn typeset(pages: &Pages, cx: &Cx, id: i64) -> Result<(String, Vec<u8>), Fault> {
    let data = cx.read(async move |tx: &mut Tx| crate::invoices::page::document_data(tx, id).await).await?;
    let name: String =
        data.number.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect();
    let typesetter = pages.typesetter.clone();
    let bytes = tokio::task::spawn_blocking(move || {
        crate::document::render_document(typesetter.get_or_init(Typesetter::new), &data)
    })
    .await
    .map_err(|e| Fault::wrap("typesetting a document", e))?
    .map_err(|e| Fault::wrap("typesetting a document", e))?;
    Ok((format!("{name}.pdf"), bytes))
}
