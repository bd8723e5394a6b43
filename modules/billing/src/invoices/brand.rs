//! The look of documents: two colours and a logo. Whoever keeps the look of the pages knows it, and is asked when a
//! document is made.

use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_web::Reading;

use crate::document::Brand;

/// Finds the look that documents get. Attached to every unit of work, because a document is made wherever billing runs.
/// Its logo must have passed [`check_logo`](crate::document::check_logo).
#[derive(Debug, Clone, Copy)]
pub struct DocumentLook(pub for<'t> fn(&'t mut Tx) -> Reading<'t, Brand>);

/// The look in force; ours where nobody has another.
pub(crate) async fn load(tx: &mut Tx) -> Result<Brand, Fault> {
    match tx.attachment::<DocumentLook>().copied() {
        Some(DocumentLook(find)) => find(tx).await,
        None => Ok(Brand::default()),
    }
}
