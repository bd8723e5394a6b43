//! News on both engines: told once, seen by who may, read by each for themself.

use std::collections::BTreeSet;
use std::sync::Arc;

use bursar_app::{App, Module, Registry};
use bursar_db::{Migrations, Statement};
use bursar_i18n::{Locale, Texts, Translator};
use bursar_identity::{
    IdentityModule, Membership, NewStaff, NewUser, RoleBook, TeamRole, add_membership, add_owner,
    register_user,
};
use bursar_ids::Rng;
use bursar_mail::PublicAddress;
use bursar_testkit::{Setup, TestCx, on_both_engines_with};
use bursar_vault::{KeyRing, Vault};

use super::*;
use crate::{MessagingModule, messages};

const MAY: &str = "shop.look";
const FAILING: NoticeKind =
    NoticeKind::staff("shop.failing", "Shops that fail", "The shop {shop} fails {count} times.", MAY)
        .values(&["shop", "count"]);
const PAID: NoticeKind = NoticeKind::customer("shop.paid", "Paid", "Paid it is.", "shop.portal.look");

const LETTER: NoticeKind =
    NoticeKind::customer("shop.paid", "Paid", "Paid it is.", "shop.portal.look").told_by_letter();

struct Shop;

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

    fn permissions(&self) -> &'static [bursar_app::Permission] {
        const ALL: &[bursar_app::Permission] = &[
            bursar_app::Permission::staff(MAY, "Look", &[]),
            bursar_app::Permission::customer("shop.portal.look", "Look", &[]),
        ];
        ALL
    }

    fn register(&self, registry: &mut Registry) {
        registry.notice(FAILING);
        registry.notice(PAID);
    }
}

fn in_office(body: impl AsyncFn(App, TestCx)) {
    let vault = Vault::new(KeyRing::generate(&mut Rng::from_seed(3)));
    let modules: [Box<dyn Module>; 3] =
        [Box::new(IdentityModule), Box::new(MessagingModule::new(vault)), Box::new(Shop)];
    let app = App::build(&modules).unwrap();
    let mut attachments = app.attachments();
    attachments.insert(Arc::new(PublicAddress("https://office.example".to_owned())));
    attachments.insert(Arc::new(RoleBook::new(app.permissions())));
    let words = Translator::new(Arc::new(Texts::default().compile().unwrap()), Locale::default());
    attachments.insert(Arc::new(words));
    let setup = Setup { attachments, ..Setup::new(app.migrations()) };
    on_both_engines_with(setup, async |cx: TestCx| body(app.clone(), cx).await);
}

fn rights(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn failing(about: &str) -> NewNotice {
    NewNotice {
        to: Audience::Staff,
        about: about.to_owned(),
        said: vec!["North".into(), 3_i64.into()],
        href: "/admin".to_owned(),
    }
}

async fn tell(cx: &TestCx, kind: &'static NoticeKind, notice: NewNotice) -> bool {
    cx.write(async move |tx: &mut Tx| raise(tx, kind, notice.clone()).await).await.unwrap()
}

async fn count(cx: &TestCx, reader: &Reader) -> i64 {
    cx.glance(unread(reader)).await.unwrap()[0]
}

#[test]
fn the_same_news_is_told_once_to_those_who_may_know() {
    in_office(async |_, cx| {
        let (may, may_not) =
            (Reader::staff(1, &rights(&["a.b", MAY])), Reader::staff(2, &rights(&["shop.lo_k"])));
        assert!(tell(&cx, &FAILING, failing("server:1")).await);
        assert!(!tell(&cx, &FAILING, failing("server:1")).await);
        assert!(tell(&cx, &FAILING, failing("server:2")).await);
        assert_eq!((count(&cx, &may).await, count(&cx, &may_not).await), (2, 0));
        let found = cx.read(async move |tx: &mut Tx| list(tx, &may, None, 10).await).await.unwrap();
        let words = Translator::new(Arc::new(Texts::default().compile().unwrap()), Locale::default());
        assert_eq!(say(&FAILING, &found[0].said, &words), "The shop North fails 3 times.");
        let (id, reader) = (found[0].id, may_not);
        let hidden = cx.read(async move |tx: &mut Tx| find(tx, &reader, id).await).await.unwrap();
        assert_eq!(hidden, None, "whoever may not know cannot open it by its number either");
    });
}

#[test]
fn reading_is_everybodys_own_affair_and_a_mark_for_all_covers_what_was() {
    in_office(async |_, cx| {
        let (ann, bob) = (Reader::staff(1, &rights(&[MAY])), Reader::staff(2, &rights(&[MAY])));
        for about in ["server:1", "server:2", "server:3"] {
            tell(&cx, &FAILING, failing(about)).await;
        }
        let reader = ann.clone();
        let first = cx.read(async move |tx: &mut Tx| list(tx, &reader, None, 10).await).await.unwrap()[0].id;
        let reader = ann.clone();
        cx.write(async move |tx: &mut Tx| mark_read(tx, &reader, first).await).await.unwrap();
        assert_eq!((count(&cx, &ann).await, count(&cx, &bob).await), (2, 3));
        let reader = ann.clone();
        cx.write(async move |tx: &mut Tx| mark_all_read(tx, &reader).await).await.unwrap();
        assert_eq!((count(&cx, &ann).await, count(&cx, &bob).await), (0, 3));
        cx.test_clock().advance_seconds(1);
        tell(&cx, &FAILING, failing("server:4")).await;
        assert_eq!(count(&cx, &ann).await, 1);
        // Two pages of two and one row, newest first, none twice.
        let reader = ann.clone();
        let pages = cx
            .read(async move |tx: &mut Tx| {
                let first = list(tx, &reader, None, 3).await?;
                let last = first.last().map(|it| (it.raised_at, it.id));
                let second = list(tx, &reader, last, 3).await?;
                Ok::<_, Fault>((first, second))
            })
            .await
            .unwrap();
        assert_eq!((pages.0.len(), pages.1.len()), (3, 1));
        assert!(!pages.0[0].is_read && pages.0[1].is_read && pages.1[0].is_read);
    });
}

#[test]
fn a_customers_news_is_nobody_elses() {
    in_office(async |_, cx| {
        let rights = rights(&["shop.portal.look"]);
        let (own, other) = (Reader::user(4, 12, &rights), Reader::user(5, 13, &rights));
        let notice = NewNotice {
            to: Audience::Customer(12),
            about: "invoice:1".to_owned(),
            said: Vec::new(),
            href: "/portal".to_owned(),
        };
        tell(&cx, &PAID, notice.clone()).await;
        tell(&cx, &PAID, NewNotice { to: Audience::OneUser(5), ..notice }).await;
        assert_eq!((count(&cx, &own).await, count(&cx, &other).await), (1, 1));
    });
}

#[test]
fn who_wants_a_mail_gets_one_and_who_wants_nothing_sees_nothing() {
    in_office(async |_, cx| {
        let owner = NewStaff {
            name: "Ann Becker".to_owned(),
            email: "ann@office.example".to_owned(),
            password: "correct horse battery".to_owned(),
        };
        let id = add_owner(&cx, owner).await.unwrap();
        let (ann, bob) = (Reader::staff(id, &rights(&[MAY])), Reader::staff(999, &rights(&[MAY])));
        let (reader, other) = (ann.clone(), bob.clone());
        cx.write(async move |tx: &mut Tx| {
            choose(tx, &reader, Locale::En, &[(FAILING.name, Way::Mail)]).await?;
            choose(tx, &other, Locale::En, &[(FAILING.name, Way::Off)]).await
        })
        .await
        .unwrap();
        tell(&cx, &FAILING, failing("server:1")).await;
        assert_eq!((count(&cx, &ann).await, count(&cx, &bob).await), (1, 0));
        let mails = cx.read(async |tx: &mut Tx| messages::store::list(tx, None, 10).await).await.unwrap();
        assert_eq!(mails.len(), 1, "one mail, and none for somebody who does not work here");
        assert_eq!(mails[0].to_email, "ann@office.example");
        // As usual again.
        let reader = ann.clone();
        cx.write(async move |tx: &mut Tx| choose(tx, &reader, Locale::En, &[(FAILING.name, Way::App)]).await)
            .await
            .unwrap();
        tell(&cx, &FAILING, failing("server:2")).await;
        let mails = cx.read(async |tx: &mut Tx| messages::store::list(tx, None, 10).await).await.unwrap();
        assert_eq!(mails.len(), 1);
    });
}

/// However many of other customers' people want one too.
#[test]
fn a_customers_people_get_their_mail_among_thousands() {
    in_office(async |_, cx| {
        let eve = cx
            .write(async |tx: &mut Tx| {
                for stranger in -600..0 {
                    let reader = Reader::user(stranger, 13, &BTreeSet::new());
                    choose(tx, &reader, Locale::En, &[(PAID.name, Way::Mail)]).await?;
                }
                let new = NewUser {
                    email: "eve@garden.example".to_owned(),
                    name: "Eve".to_owned(),
                    password: None,
                    is_verified: true,
                };
                let eve = register_user(tx, &new).await.map_err(|error| Fault::new(error.to_string()))?;
                let membership = Membership {
                    user_id: eve,
                    customer_id: 12,
                    role: TeamRole::Owner,
                    customer_name: "Garden".to_owned(),
                };
                add_membership(tx, &membership).await?;
                Ok::<_, Fault>(eve)
            })
            .await
            .unwrap();
        let about = |about: &str| NewNotice {
            to: Audience::Customer(12),
            about: about.to_owned(),
            said: Vec::new(),
            href: "/portal".to_owned(),
        };
        let sent = async || {
            let mails = cx.read(async |tx: &mut Tx| messages::store::list(tx, None, 10).await).await.unwrap();
            mails.into_iter().map(|mail| mail.to_email).collect::<Vec<_>>()
        };
        tell(&cx, &PAID, about("invoice:1")).await;
        assert!(sent().await.is_empty(), "she has not asked for any");
        cx.write(async move |tx: &mut Tx| {
            let reader = Reader::user(eve, 12, &BTreeSet::new());
            choose(tx, &reader, Locale::En, &[(PAID.name, Way::Mail)]).await
        })
        .await
        .unwrap();
        tell(&cx, &PAID, about("invoice:2")).await;
        assert_eq!(sent().await, ["eve@garden.example"]);
        tell(&cx, &LETTER, about("invoice:3")).await;
        assert_eq!(sent().await.len(), 1, "what a letter tells anyway is not told by another");
    });
}

#[test]
fn a_mail_that_was_chosen_before_a_kind_had_its_letter_is_the_product_alone() {
    assert_eq!(Way::ALL.map(|way| way.in_force(&PAID)), [Way::App, Way::Mail, Way::Off]);
    assert_eq!(Way::ALL.map(|way| way.in_force(&LETTER)), [Way::App, Way::App, Way::Off]);
}

#[test]
fn old_news_is_forgotten_and_can_be_told_again() {
    in_office(async |_, cx| {
        let ann = Reader::staff(1, &rights(&[MAY]));
        tell(&cx, &FAILING, failing("server:1")).await;
        cx.test_clock().advance_days(91);
        tell(&cx, &FAILING, failing("server:2")).await;
        assert_eq!(forget(cx.cx(), ForgetNotices {}).await, bursar_jobs::JobOutcome::Done);
        assert_eq!(count(&cx, &ann).await, 1);
        assert!(tell(&cx, &FAILING, failing("server:1")).await);
    });
}
