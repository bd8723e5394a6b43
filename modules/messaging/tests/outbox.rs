//! The outbox on both engines.

use bursar_fault::Fault;
use bursar_messaging::{MessageError, MessageState, NewMessage};
use bursar_testkit::on_both_engines;

fn mail(subject: &str) -> NewMessage {
    NewMessage {
        to_email: "ann@example.com".to_owned(),
        subject: subject.to_owned(),
        body_text: "Hello".to_owned(),
        kind: "test".to_owned(),
        customer_id: Some(7),
        ..NewMessage::default()
    }
}

#[test]
fn mail_is_held_and_listed_newest_first() {
    on_both_engines(vec![bursar_messaging::migrations()], async |cx| {
        cx.read(async |tx| {
            for statement in bursar_messaging::statements() {
                tx.prepare(statement).await?;
            }
            Ok::<_, Fault>(())
        })
        .await
        .unwrap();
        for subject in ["one", "two", "three"] {
            cx.write(async move |tx| bursar_messaging::queue(tx, &mail(subject)).await).await.unwrap();
        }
        let page = bursar_messaging::list_messages(&cx, None, 2).await.unwrap();
        assert_eq!(page.iter().map(|m| m.content.subject.as_str()).collect::<Vec<_>>(), ["three", "two"]);
        assert_eq!(page[0].state, MessageState::Held);
        let rest = bursar_messaging::list_messages(&cx, Some(page[1].id), 2).await.unwrap();
        assert_eq!(rest[0].content, mail("one"));
        assert_eq!(bursar_messaging::get_message(&cx, rest[0].id).await.unwrap(), rest[0]);
        let of_customer =
            cx.read(async |tx| bursar_messaging::messages_to(tx, 7, None, 9).await).await.unwrap();
        assert_eq!(of_customer.len(), 3);
    });
}

#[test]
fn headers_cannot_be_forged() {
    on_both_engines(vec![bursar_messaging::migrations()], async |cx| {
        let mut forged = mail("hello\r\nBcc: all@example.com");
        forged.to_email = "a@x.com, b@x.com".to_owned();
        let refused = cx.write(async move |tx| bursar_messaging::queue(tx, &forged).await).await.unwrap_err();
        let MessageError::Invalid(fields) = refused else { panic!("{refused:?}") };
        assert_eq!(fields.iter().map(|f| f.field.as_ref()).collect::<Vec<_>>(), ["to_email", "subject"]);
    });
}
