//! Public texts: versions that never change, in the reader's language.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use bursar_context::Permissions;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_i18n::Locale;
use bursar_storefront::texts::publish::{Draft, PublishError, publish_text};
use bursar_storefront::texts::{SiteText, TextName, Titles, current};
use bursar_testkit::{TestCx, on_both_engines};

fn draft(locale: Locale, title: &str, body: &str) -> Draft {
    Draft { name: TextName::Terms, locale, title: title.to_owned(), body_md: body.to_owned() }
}

async fn read(cx: &TestCx, locale: &'static str) -> SiteText {
    let found = cx.read(async move |tx: &mut Tx| current(tx, TextName::Terms, locale).await).await;
    found.unwrap().unwrap()
}

#[test]
fn every_statement_can_be_prepared_on_both_engines() {
    on_both_engines(vec![bursar_storefront::migrations()], async |cx| {
        cx.read(async |tx: &mut Tx| {
            for statement in bursar_storefront::statements() {
                tx.prepare(statement).await?;
            }
            Ok::<_, Fault>(())
        })
        .await
        .unwrap();
    });
}

#[test]
fn a_text_is_read_in_ones_language_or_in_the_one_it_was_written_in_last() {
    on_both_engines(vec![bursar_audit::migrations(), bursar_storefront::migrations()], async |cx| {
        let none = cx.read(async |tx: &mut Tx| current(tx, TextName::Terms, "en").await).await.unwrap();
        assert_eq!(none, None, "nobody agrees to what was never written");
        assert_eq!(publish_text(&cx, draft(Locale::En, "Terms", "Be nice.")).await.unwrap(), 1);
        assert_eq!(publish_text(&cx, draft(Locale::De, "AGB", "Seien Sie nett.")).await.unwrap(), 2);
        assert_eq!(read(&cx, "en").await.version, 1);
        assert_eq!(read(&cx, "de").await.title, "AGB");
        assert_eq!(read(&cx, "fr").await.title, "AGB");
        // The same words are the same version; other words are another, and the old one stays what it was.
        assert_eq!(publish_text(&cx, draft(Locale::En, " Terms ", "Be nice.")).await.unwrap(), 1);
        let first = read(&cx, "en").await;
        assert_eq!(publish_text(&cx, draft(Locale::En, "Terms", "Be very nice.")).await.unwrap(), 3);
        let second = read(&cx, "en").await;
        assert_eq!((second.version, second.body_md.as_str()), (3, "Be very nice."));
        assert_ne!(first.hash, second.hash);
        for (locale, title) in [("en", "Terms"), ("de", "AGB"), ("fr", "Terms")] {
            let all = cx.read(async |tx: &mut Tx| Titles::load(tx).await).await.unwrap();
            assert_eq!(all.read_in(locale), BTreeMap::from([(TextName::Terms, title)]), "{locale}");
        }
        let empty = publish_text(&cx, draft(Locale::En, "", " ")).await.unwrap_err();
        assert!(matches!(empty, PublishError::Invalid(fields) if fields.len() == 2));
        let nobody = cx.for_actor(*cx.actor(), Permissions::none(), "test");
        let denied = publish_text(&nobody, draft(Locale::En, "Terms", "Mine.")).await.unwrap_err();
        assert!(matches!(denied, PublishError::Denied(_)));
    });
}
