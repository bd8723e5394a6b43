//! Products to choose from, for settings of modules that sell or deliver them.

use bursar_db::Tx;
use bursar_web::Reading;

use crate::product;

/// More than these are not chosen from a list.
const MOST: u32 = 500;

/// The products by id, as settings offer them.
pub fn product_choices(tx: &mut Tx) -> Reading<'_, Vec<(i64, String)>> {
    Box::pin(async move {
        let found = product::products(tx, None, MOST).await?;
        Ok(found.into_iter().map(|it| (it.id.get(), it.details.name)).collect())
    })
}
