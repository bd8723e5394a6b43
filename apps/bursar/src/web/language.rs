//! The language in which a customer is written to, for the pages.

use async_trait::async_trait;
use bursar_app::Languages;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_i18n::Locale;
use bursar_ids::Id;

/// Asks the customer's record.
#[derive(Debug)]
pub(super) struct CustomerLanguages;

#[async_trait]
impl Languages for CustomerLanguages {
    async fn of_customer(&self, cx: &Cx, customer: i64) -> Result<Option<Locale>, Fault> {
        let found =
            cx.read(async move |tx: &mut Tx| bursar_customers::find(tx, Id::new(customer)).await).await?;
        Ok(found.and_then(|customer| Locale::parse(&customer.details.language)))
    }
}
