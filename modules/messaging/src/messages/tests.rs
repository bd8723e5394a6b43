//! The way of a message on both engines, over a server that misbehaves.

use std::sync::Arc;

use async_trait::async_trait;
use bursar_app::{App, Module, Registry};
use bursar_db::{Migrations, Statement};
use bursar_fault::Fault;
use bursar_i18n::Locale;
use bursar_ids::Rng;
use bursar_mail::{Attached, AttachmentSource, Draft, MailTemplate, PublicAddress};
use bursar_testkit::{Setup, TestCx, on_both_engines_with};
use bursar_vault::{KeyRing, Secret, Vault};
use serde_json::json;

use super::post::{AttachmentRef, Mail, NewMessage, Recipient, post, queue};
use super::*;
use crate::sender::{Login, OfficeName, Security, SenderForm, save_sender, send_test};
use crate::smtp::fixture::{FakeServer, Manner};
use crate::{MessagingModule, preferences, reset_template, save_template};

const INVOICE: &str = "shop.invoice";
const NEWS: &str = "shop.news";

/// A module that writes two mails: one with a document, and one that people can do without.
struct Shop;

struct Documents;

#[async_trait]
impl AttachmentSource for Documents {
    async fn attach(&self, _: &Cx, id: i64) -> Result<Attached, Fault> {
        match id {
            7 => Ok(Attached {
                name: "INV-7.pdf".into(),
                media_type: "application/pdf",
                bytes: b"%PDF".to_vec(),
            }),
            _ => Err(Fault::new("there is no such document")),
        }
    }
}

const fn template(name: &'static str, is_essential: bool) -> MailTemplate {
    const ENGLISH: &str = "Hello {{ name }}\n\nDear {{ name }}, **[look]({{ url }})**\n";
    const GERMAN: &str = "Hallo {{ name }}\n\nGuten Tag {{ name }}, **[ansehen]({{ url }})**\n";
    let sources = [
        (Locale::En, ENGLISH),
        (Locale::De, GERMAN),
        (Locale::Es, ENGLISH),
        (Locale::Fr, ENGLISH),
        (Locale::Bn, ENGLISH),
        (Locale::Ar, ENGLISH),
    ];
    let samples = || vec![json!({ "name": "Ann", "url": "https://x.example" })];
    MailTemplate { name, label: "A mail", is_essential, is_secret: false, sources, samples }
}

impl Module for Shop {
    fn name(&self) -> &'static str {
        "shop"
    }

    fn migrations(&self) -> Migrations {
        Migrations { module: "shop", steps: &[] }
    }

    fn statements(&self) -> Vec<&'static Statement> {
        Vec::new()
    }

    fn register(&self, registry: &mut Registry) {
        registry.mail(template(INVOICE, true));
        registry.mail(template(NEWS, false));
        registry.attachments("shop.document", Arc::new(Documents));
    }
}

fn vault() -> Vault {
    Vault::new(KeyRing::generate(&mut Rng::from_seed(3)))
}

fn in_office(body: impl AsyncFn(App, TestCx)) {
    in_office_called(None, body);
}

fn in_office_called(name: Option<OfficeName>, body: impl AsyncFn(App, TestCx)) {
    let app = App::build(&[Box::new(MessagingModule::new(vault())), Box::new(Shop)]).unwrap();
    let mut attachments = app.attachments();
    attachments.insert(Arc::new(PublicAddress("https://office.example".to_owned())));
    if let Some(name) = name {
        attachments.insert(Arc::new(name));
    }
    let setup = Setup { attachments, ..Setup::new(app.migrations()) };
    on_both_engines_with(setup, async |cx: TestCx| body(app.clone(), cx).await);
}

async fn use_server(cx: &Cx, fake: &FakeServer) {
    let form = SenderForm {
        from_name: "Northwind".into(),
        from_email: "billing@northwind.example".into(),
        host: "127.0.0.1".into(),
        port: Some(fake.port),
        security: Security::Plain,
        login: Login::New("office".into(), Secret::new("hunter2".to_owned())),
        ..SenderForm::default()
    };
    save_sender(cx, &vault(), form).await.unwrap();
}

fn mail(template: &'static str, locale: Locale) -> Mail {
    Mail {
        template,
        to: Recipient { email: "ann@example.com".into(), name: "Ann".into(), locale, customer_id: Some(5) },
        values: json!({ "name": "Ann", "url": "https://office.example/pay" }),
        attachments: Vec::new(),
    }
}

async fn write(cx: &Cx, mail: Mail) -> Option<Id<Message>> {
    cx.write(async move |tx: &mut Tx| post(tx, &mail).await).await.unwrap()
}

async fn read(cx: &Cx, id: Id<Message>) -> Message {
    cx.read(async move |tx: &mut Tx| store::find(tx, id).await).await.unwrap().unwrap()
}

#[test]
fn every_statement_is_understood_by_both_engines() {
    in_office(async |_, cx| {
        let prepare = async |tx: &mut Tx| {
            for statement in crate::statements() {
                tx.prepare(statement).await?;
            }
            Ok::<_, Fault>(())
        };
        cx.read(prepare).await.unwrap();
    });
}

#[test]
fn without_a_senders_name_mail_comes_from_the_business_itself() {
    let name = OfficeName(|_| Box::pin(async { Ok("Southwind Ltd".to_owned()) }));
    in_office_called(Some(name), async |_, cx| {
        let id = write(&cx, mail(INVOICE, Locale::En)).await.unwrap();
        let html = read(&cx, id).await.body_html;
        assert!(html.contains("Southwind Ltd") && !html.contains("Bursar"), "{html}");
        let named = SenderForm { from_name: "Northwind".into(), ..SenderForm::default() };
        save_sender(&cx, &vault(), named).await.unwrap();
        let id = write(&cx, mail(INVOICE, Locale::En)).await.unwrap();
        let html = read(&cx, id).await.body_html;
        assert!(html.contains("Northwind") && !html.contains("Southwind"), "{html}");
    });
}

#[test]
fn without_a_server_mail_is_held_and_listed_newest_first() {
    in_office(async |app, cx| {
        let first = write(&cx, mail(INVOICE, Locale::De)).await.unwrap();
        let second = write(&cx, mail(INVOICE, Locale::En)).await.unwrap();
        app.drain(&cx).await.unwrap();
        let page = cx.read(async |tx: &mut Tx| store::list(tx, None, 9).await).await.unwrap();
        assert_eq!(page.iter().map(|it| it.id).collect::<Vec<_>>(), [second, first]);
        assert!(page.iter().all(|it| it.state == MessageState::Held && it.attempts == 0));
        assert_eq!(page[1].subject, "Hallo Ann");
        assert!(page[1].body_text.contains("ansehen:\nhttps://office.example/pay"));
        assert!(page[1].body_html.contains("href=\"https://office.example/pay\""));
        let refused = send_again(&cx, first).await.unwrap_err();
        assert!(matches!(refused, MessageError::NoSender));
    });
}

#[test]
fn mail_about_what_was_rolled_back_does_not_exist() {
    in_office(async |_, cx| {
        let refused = cx
            .write(async |tx: &mut Tx| {
                post(tx, &mail(INVOICE, Locale::En)).await?;
                Err::<(), _>(Fault::new("changed my mind"))
            })
            .await;
        assert!(refused.is_err());
        assert!(cx.read(async |tx: &mut Tx| store::list(tx, None, 2).await).await.unwrap().is_empty());
    });
}

#[test]
fn a_mail_goes_out_once_with_its_document() {
    in_office(async |app, cx| {
        let fake = FakeServer::start(Manner::Takes);
        use_server(&cx, &fake).await;
        let mut with_file = mail(INVOICE, Locale::En);
        with_file.attachments = vec![AttachmentRef { kind: "shop.document".into(), id: 7 }];
        let id = write(&cx, with_file).await.unwrap();
        app.drain(&cx).await.unwrap();
        app.drain(&cx).await.unwrap();
        let message = read(&cx, id).await;
        assert_eq!(
            (message.state, message.attempts, message.last_error.as_str()),
            (MessageState::Sent, 1, "")
        );
        assert!(message.sent_at.is_some());
        let mails = fake.mails();
        assert_eq!(mails.len(), 1);
        assert!(mails[0].contains("INV-7.pdf") && mails[0].contains(&message.message_id), "{}", mails[0]);
        assert!(mails[0].contains("From: Northwind <billing@northwind.example>"));
        // A worker that has the job a second time finds nothing to do.
        let again = send::handle(cx.cx(), vault(), send::SendMessage { message_id: id.get() }).await;
        assert_eq!((again, fake.mails().len()), (bursar_jobs::JobOutcome::Done, 1));
    });
}

#[test]
fn what_was_refused_for_now_is_tried_again_and_what_was_refused_for_good_is_not() {
    in_office(async |app, cx| {
        let fake = FakeServer::start(Manner::NotNowAtRecipient);
        use_server(&cx, &fake).await;
        let id = write(&cx, mail(INVOICE, Locale::En)).await.unwrap();
        app.drain(&cx).await.unwrap();
        let waiting = read(&cx, id).await;
        assert_eq!((waiting.state, waiting.attempts), (MessageState::Queued, 1));
        assert!(waiting.last_error.contains("greylisted"));
        fake.behave(Manner::Takes);
        cx.test_clock().set(cx.now().plus_days(1));
        app.drain(&cx).await.unwrap();
        assert_eq!(read(&cx, id).await.state, MessageState::Sent);

        fake.behave(Manner::NeverAtRecipient);
        let lost = write(&cx, mail(INVOICE, Locale::En)).await.unwrap();
        app.drain(&cx).await.unwrap();
        cx.test_clock().set(cx.now().plus_days(9));
        app.drain(&cx).await.unwrap();
        let lost = read(&cx, lost).await;
        assert_eq!((lost.state, lost.attempts), (MessageState::Failed, 1));
        assert!(lost.last_error.contains("no such mailbox"));
        assert_eq!(fake.mails().len(), 1);
    });
}

#[test]
fn when_the_answer_is_lost_a_person_decides_and_the_mail_keeps_its_id() {
    in_office(async |app, cx| {
        let fake = FakeServer::start(Manner::DropsAfterContent);
        use_server(&cx, &fake).await;
        let id = write(&cx, mail(INVOICE, Locale::En)).await.unwrap();
        app.drain(&cx).await.unwrap();
        cx.test_clock().set(cx.now().plus_days(9));
        app.drain(&cx).await.unwrap();
        let message = read(&cx, id).await;
        assert_eq!(
            (message.state, fake.mails().len()),
            (MessageState::Unknown, 1),
            "not sent again by itself"
        );

        fake.behave(Manner::Takes);
        send_again(&cx, id).await.unwrap();
        app.drain(&cx).await.unwrap();
        let sent = read(&cx, id).await;
        assert_eq!((sent.state, &sent.message_id), (MessageState::Sent, &message.message_id));
        assert!(fake.mails().iter().all(|it| it.contains(&message.message_id)));

        // Once it has surely been sent, sending it again makes a mail of its own.
        send_again(&cx, id).await.unwrap();
        assert!(matches!(send_again(&cx, id).await, Err(MessageError::NotNow)));
        app.drain(&cx).await.unwrap();
        assert_ne!(read(&cx, id).await.message_id, message.message_id);
        assert_eq!(fake.mails().len(), 3);
    });
}

#[test]
fn a_process_that_dies_is_taken_over_where_nothing_can_have_left() {
    in_office(async |app, cx| {
        let fake = FakeServer::start(Manner::Takes);
        use_server(&cx, &fake).await;
        let (before, after) =
            (write(&cx, mail(INVOICE, Locale::En)).await, write(&cx, mail(INVOICE, Locale::En)).await);
        let (before, after) = (before.unwrap(), after.unwrap());
        // One worker died before the content left, the other after it had.
        cx.write(async move |tx: &mut Tx| {
            for id in [before, after] {
                let message = store::find(tx, id).await?.expect("it is there");
                assert_eq!(store::claim(tx, &message).await?, Some(1));
                assert_eq!(store::claim(tx, &message).await?, None, "one worker has it");
            }
            assert!(store::hand_over(tx, after, 1).await?);
            Ok::<_, Fault>(())
        })
        .await
        .unwrap();
        app.drain(&cx).await.unwrap();
        assert_eq!(read(&cx, before).await.state, MessageState::Sent);
        assert_eq!(read(&cx, after).await.state, MessageState::Unknown);
        assert_eq!(fake.mails().len(), 1);
    });
}

#[test]
fn an_attachment_that_cannot_be_made_keeps_the_mail_back() {
    in_office(async |app, cx| {
        let fake = FakeServer::start(Manner::Takes);
        use_server(&cx, &fake).await;
        let mut broken = mail(INVOICE, Locale::En);
        broken.attachments = vec![AttachmentRef { kind: "shop.document".into(), id: 8 }];
        let id = write(&cx, broken).await.unwrap();
        app.drain(&cx).await.unwrap();
        let message = read(&cx, id).await;
        assert!(message.last_error.contains("no such document") && message.state == MessageState::Queued);
        assert!(fake.commands().is_empty(), "the server is not even asked");
        drop_message(&cx, id).await.unwrap();
        cx.test_clock().set(cx.now().plus_days(9));
        app.drain(&cx).await.unwrap();
        assert_eq!(read(&cx, id).await.state, MessageState::Dropped);
    });
}

#[test]
fn a_customer_refuses_what_is_not_essential() {
    in_office(async |_, cx| {
        let news = write(&cx, mail(NEWS, Locale::De)).await.unwrap();
        let message = read(&cx, news).await;
        let token = message
            .preferences_url
            .strip_prefix("https://office.example/mail/preferences/")
            .unwrap()
            .to_owned();
        assert!(message.body_html.contains(&message.preferences_url));
        assert!(
            message
                .body_text
                .contains("Auswählen, welche E-Mails Sie bekommen: https://office.example/mail/")
        );
        let owner = cx.write(async move |tx: &mut Tx| {
            let owner = preferences::owner(tx, &token).await?;
            preferences::refuse_kinds(tx, 5, &[NEWS.to_owned()]).await?;
            Ok::<_, Fault>(owner)
        });
        assert_eq!(owner.await.unwrap(), Some(5));
        assert_eq!(write(&cx, mail(NEWS, Locale::De)).await, None);
        let invoice = write(&cx, mail(INVOICE, Locale::De)).await.unwrap();
        assert_eq!(read(&cx, invoice).await.preferences_url, "");
    });
}

#[test]
fn a_tenants_own_text_is_used_and_one_that_could_not_be_sent_is_not_saved() {
    in_office(async |_, cx| {
        let own = |subject: &str| Draft { subject: subject.to_owned(), body: "Moin {{ name }}!".to_owned() };
        save_template(&cx, INVOICE, Locale::De, own("Moin {{ name }}")).await.unwrap();
        let written =
            async |locale| read(&cx, write(&cx, mail(INVOICE, locale)).await.unwrap()).await.subject;
        assert_eq!(written(Locale::De).await, "Moin Ann");
        assert_eq!(written(Locale::En).await, "Hello Ann");
        let refused = save_template(&cx, INVOICE, Locale::De, own("Moin {{ nobody }}")).await.unwrap_err();
        assert!(
            matches!(&refused, MessageError::Invalid(fields) if fields[0].field == "subject"),
            "{refused:?}"
        );
        assert!(matches!(
            save_template(&cx, "shop.gone", Locale::De, own("x")).await,
            Err(MessageError::NotFound)
        ));

        // One that went wrong all the same (an older sample, a restored backup) costs no mail.
        cx.write(async |tx: &mut Tx| {
            let values = bursar_db::params![INVOICE, "de", "Moin {{ nobody }}", "x", tx.now()];
            tx.exec(&crate::templates::PUT, values).await
        })
        .await
        .unwrap();
        assert_eq!(written(Locale::De).await, "Hallo Ann");
        reset_template(&cx, INVOICE, Locale::De).await.unwrap();
        assert_eq!(written(Locale::De).await, "Hallo Ann");
    });
}

#[test]
fn the_password_is_sealed_kept_and_never_told() {
    in_office(async |app, cx| {
        let fake = FakeServer::start(Manner::Takes);
        use_server(&cx, &fake).await;
        let settings = async || cx.read(async |tx: &mut Tx| SenderSettings::load(tx).await).await.unwrap();
        let stored = settings().await.smtp.unwrap();
        assert!(!stored.password_sealed.is_empty() && !stored.password_sealed.contains("hunter2"));
        let form = SenderForm {
            from_email: "other@northwind.example".into(),
            host: "127.0.0.1".into(),
            port: Some(fake.port),
            security: Security::Plain,
            login: Login::Keep("office".into()),
            ..SenderForm::default()
        };
        save_sender(&cx, &vault(), form).await.unwrap();
        assert_eq!(settings().await.smtp.unwrap().password_sealed, stored.password_sealed);
        let test = send_test(&cx, "ann@example.com".into(), Locale::Fr).await.unwrap();
        app.drain(&cx).await.unwrap();
        assert_eq!(read(&cx, test).await.state, MessageState::Sent);
        // "\0office\0hunter2", as the mechanism spells it: that it arrived shows that it was opened again.
        assert!(
            fake.commands().iter().any(|it| it == "AUTH PLAIN AG9mZmljZQBodW50ZXIy"),
            "{:?}",
            fake.commands()
        );
        assert!(matches!(send_test(&cx, "nobody".into(), Locale::En).await, Err(MessageError::Invalid(_))));
    });
}

#[test]
fn a_message_without_a_template_goes_the_same_way() {
    in_office(async |app, cx| {
        let fake = FakeServer::start(Manner::Takes);
        use_server(&cx, &fake).await;
        let new = NewMessage {
            to_email: "staff@northwind.example".into(),
            subject: "Large order".into(),
            body_text: "Look at it.\n".into(),
            kind: "shop.high_value",
            customer_id: None,
        };
        let id = cx.write(async move |tx: &mut Tx| queue(tx, &new).await).await.unwrap();
        app.drain(&cx).await.unwrap();
        assert_eq!(read(&cx, id).await.state, MessageState::Sent);
        assert!(fake.mails()[0].contains("Subject: Large order"));
    });
}

#[test]
fn every_mail_of_this_module_is_written_in_every_language() {
    in_office(async |app, _| {
        app.mails().write_samples().unwrap();
        for key in ["messaging-preferences-link", "messaging-preferences-saved"] {
            for locale in Locale::ALL {
                assert_ne!(post::words(locale).t(key), key);
            }
        }
    });
}
