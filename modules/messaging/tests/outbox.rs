//! The outbox on both engines.

use bursar_fault::Fault;
use bursar_messaging::NewMessage;
use bursar_testkit::on_both_engines;

fn mail(subject: &str) -> NewMessage {
    NewMessage {
        to_email: "ann@example.com".to_owned(),
        subject: subject.to_owned(),
        body_text: "Hello".to_owned(),
        kind: "test",
        customer_id: Some(7),
    }
}

#[test]
fn every_statement_is_understood_by_both_engines() {
    on_both_engines(vec![bursar_messaging::migrations()], async |cx| {
        cx.read(async |tx| {
            for statement in bursar_messaging::statements() {
                tx.prepare(statement).await?;
            }
            Ok::<_, Fault>(())
        })
        .await
        .unwrap();
    });
}

#[test]
fn mail_is_held_and_listed_newest_first() {
    on_both_engines(vec![bursar_messaging::migrations()], async |cx| {
        for subject in ["one", "two", "three"] {
            cx.write(async move |tx| bursar_messaging::queue(tx, &mail(subject)).await).await.unwrap();
        }
        let page = cx.read(async |tx| bursar_messaging::list(tx, None, 2).await).await.unwrap();
        assert_eq!(page.iter().map(|m| m.subject.as_str()).collect::<Vec<_>>(), ["three", "two"]);
        assert_eq!(page[0].state, "held");
        let last = page[1].id;
        let rest = cx.read(async move |tx| bursar_messaging::list(tx, Some(last), 2).await).await.unwrap();
        assert_eq!(rest.iter().map(|m| m.subject.as_str()).collect::<Vec<_>>(), ["one"]);
        let one = rest[0].id;
        let found = cx.read(async move |tx| bursar_messaging::find(tx, one).await).await.unwrap();
        assert_eq!(found.as_ref(), Some(&rest[0]));
    });
}

#[test]
fn mail_about_what_was_rolled_back_does_not_exist() {
    on_both_engines(vec![bursar_messaging::migrations()], async |cx| {
        let refused = cx
            .write(async |tx| {
                bursar_messaging::queue(tx, &mail("about nothing")).await?;
                Err::<(), _>(Fault::new("changed my mind"))
            })
            .await;
        assert!(refused.is_err());
        assert!(cx.read(async |tx| bursar_messaging::list(tx, None, 2).await).await.unwrap().is_empty());
    });
}
