//! What this module holds about a customer: mails to them, and news for them.

use bursar_app::{PERSONAL_ROWS, PersonalAsk, PersonalData, PersonalRows, Registry};
use bursar_db::{Tx, params};
use bursar_mail::MailBook;
use bursar_time::Instant;
use bursar_web::Reading;
use serde_json::json;

bursar_db::statements! {
    /// Mails to be handed out.
    pub(crate) MAILS = "SELECT id, kind, to_email, subject, body_text, created_at FROM messaging_messages
        WHERE customer_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    /// Mails of a customer.
    pub(crate) DROP_MAILS = "DELETE FROM messaging_messages WHERE customer_id = $1";
    /// Mails to one of its people that name no customer.
    pub(crate) DROP_TO = "DELETE FROM messaging_messages WHERE LOWER(to_email) = LOWER($1)";
    /// What it did not want.
    pub(crate) DROP_REFUSED = "DELETE FROM messaging_refused_kinds WHERE customer_id = $1";
    /// Its link.
    pub(crate) DROP_PREFERENCES = "DELETE FROM messaging_preference_links WHERE customer_id = $1";
    /// News for it.
    pub(crate) DROP_NOTICES = "DELETE FROM messaging_notices WHERE audience = $1";
    /// What somebody read.
    pub(crate) DROP_READS = "DELETE FROM messaging_notice_reads WHERE reader = $1";
    /// Up to when.
    pub(crate) DROP_READER = "DELETE FROM messaging_notice_readers WHERE reader = $1";
    /// What somebody chose.
    pub(crate) DROP_CHOICES = "DELETE FROM messaging_notice_choices WHERE reader = $1";
}

pub(crate) fn register(registry: &mut Registry) {
    registry.personal(PersonalData::erased("messaging.mails", mails, forget));
}

/// What lets its reader in is not written out again.
fn mails(tx: &mut Tx, ask: PersonalAsk) -> Reading<'_, PersonalRows> {
    Box::pin(async move {
        let book = tx.attachment::<MailBook>();
        let secret: Vec<&'static str> = book
            .into_iter()
            .flat_map(MailBook::templates)
            .filter(|it| it.is_secret)
            .map(|it| it.name)
            .collect();
        tx.query(&MAILS, params![ask.customer, ask.after, PERSONAL_ROWS], move |row| {
            let kind: String = row.get(1)?;
            let text = if secret.contains(&kind.as_str()) { None } else { Some(row.get::<String>(4)?) };
            let mail = json!({
                "kind": kind, "to": row.get::<String>(2)?, "subject": row.get::<String>(3)?, "text": text,
                "at": row.get::<Instant>(5)?.to_string(),
            });
            Ok((row.get(0)?, mail))
        })
        .await
    })
}

fn forget(tx: &mut Tx, customer: i64) -> Reading<'_, ()> {
    Box::pin(async move {
        tx.exec(&DROP_MAILS, params![customer]).await?;
        tx.exec(&DROP_REFUSED, params![customer]).await?;
        tx.exec(&DROP_PREFERENCES, params![customer]).await?;
        let audience = format!("customer:{customer}");
        tx.exec(&DROP_NOTICES, params![&audience]).await?;
        for (user, email) in bursar_identity::people_alone(tx, customer).await? {
            let reader = format!("user:{user}");
            tx.exec(&DROP_TO, params![&email]).await?;
            tx.exec(&DROP_NOTICES, params![&reader]).await?;
            for statement in [&DROP_READS, &DROP_READER, &DROP_CHOICES] {
                tx.exec(statement, params![&reader]).await?;
            }
        }
        Ok(())
    })
}
