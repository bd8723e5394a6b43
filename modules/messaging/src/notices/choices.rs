//! How somebody wants to hear of a kind of news: in the product, by mail too, or not at all.

use std::collections::BTreeMap;

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_i18n::{Locale, Translator};
use bursar_identity::{Reached, members_of, reach_staff, reach_user};
use bursar_web::NoticeKind;
use serde_json::json;

use super::{Audience, NewNotice, Reader, said};
use crate::messages::post::{Mail, Recipient, post, public_address};

/// The mail that carries news.
pub(crate) const NOTICE_MAIL: &str = "messaging.notice";
/// More people are not written to about one thing.
const MOST_MAILED: i64 = 500;

bursar_db::statements! {
    /// What somebody chose.
    pub(crate) CHOICES = "SELECT kind, way FROM messaging_notice_choices WHERE reader = $1 ORDER BY kind LIMIT 1000";
    /// As usual.
    pub(crate) CLEAR = "DELETE FROM messaging_notice_choices WHERE reader = $1 AND kind = $2";
    /// Otherwise.
    pub(crate) CHOOSE = "INSERT INTO messaging_notice_choices (reader, kind, way, locale) VALUES ($1, $2, $3, $4)
        ON CONFLICT (reader, kind) DO UPDATE SET way = excluded.way, locale = excluded.locale";
    /// Who wants a mail, staff first.
    pub(crate) MAILED = "SELECT reader, locale FROM messaging_notice_choices
        WHERE kind = $1 AND way = 'mail' ORDER BY reader LIMIT $2";
    /// Whether one person does.
    pub(crate) MAILED_ONE = "SELECT reader, locale FROM messaging_notice_choices
        WHERE kind = $1 AND way = 'mail' AND reader = $2";
}

/// How somebody hears of news.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Way {
    /// In the product.
    #[default]
    App,
    /// There, and by mail.
    Mail,
    /// Not at all.
    Off,
}

impl Way {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::App, Self::Mail, Self::Off];

    /// As stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Mail => "mail",
            Self::Off => "off",
        }
    }

    /// From [`code`](Self::code).
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.code() == code)
    }

    /// What this choice comes to for a kind: one that a letter tells is told in the product, whoever chose a mail before
    /// it had its letter.
    #[must_use]
    pub fn in_force(self, kind: &NoticeKind) -> Self {
        match self {
            Self::Mail if kind.has_letter => Self::App,
            Self::App | Self::Mail | Self::Off => self,
        }
    }
}

/// What somebody chose, by kind; what is missing is as usual.
pub async fn choices_of(tx: &mut Tx, reader: &Reader) -> Result<BTreeMap<String, Way>, Fault> {
    let rows =
        tx.query(&CHOICES, params![&reader.key], |row| Ok((row.get(0)?, row.get::<String>(1)?))).await?;
    Ok(rows.into_iter().map(|(kind, way)| (kind, Way::parse(&way).unwrap_or_default())).collect())
}

/// Chooses for kinds; mails are written in this language.
pub async fn choose(
    tx: &mut Tx,
    reader: &Reader,
    locale: Locale,
    ways: &[(&'static str, Way)],
) -> Result<(), Fault> {
    for (kind, way) in ways {
        match way {
            Way::App => tx.exec(&CLEAR, params![&reader.key, *kind]).await?,
            Way::Mail | Way::Off => {
                tx.exec(&CHOOSE, params![&reader.key, *kind, way.code(), locale.code()]).await?
            }
        };
    }
    Ok(())
}

/// Writes to those who want a mail and may know.
pub(super) async fn mail(tx: &mut Tx, kind: &NoticeKind, notice: &NewNotice) -> Result<(), Fault> {
    if kind.has_letter {
        return Ok(());
    }
    let found = |row: &bursar_db::Row<'_>| Ok((row.get::<String>(0)?, row.get::<String>(1)?));
    let readers = match notice.to {
        Audience::Staff => tx.query(&MAILED, params![kind.name, MOST_MAILED], found).await?,
        // Its few people are asked one by one, where anybody wants mails at all: of everybody's there may be any number.
        Audience::Customer(customer) => {
            let mut all = Vec::new();
            if tx.query(&MAILED, params![kind.name, 1_i64], found).await?.is_empty() {
                return Ok(());
            }
            for member in members_of(tx, customer).await? {
                let reader = Audience::OneUser(member.user.id).key();
                all.extend(tx.query(&MAILED_ONE, params![kind.name, &reader], found).await?);
            }
            all
        }
        Audience::OneOfStaff(_) | Audience::OneUser(_) => {
            let reader = notice.to.key();
            tx.query(&MAILED_ONE, params![kind.name, &reader], found).await?
        }
    };
    for (reader, locale) in readers {
        let Some(person) = reached(tx, kind, notice.to, &reader).await? else { continue };
        let Some(words) = tx.attachment::<Translator>() else { return Ok(()) };
        let locale = Locale::parse(&locale).unwrap_or_default();
        let text = said::say(kind, &said::encode(&notice.said)?, &words.in_locale(locale));
        let url = format!("{}{}", public_address(tx), notice.href);
        let to = Recipient { email: person.email, name: person.name, locale, customer_id: None };
        let values = json!({ "text": text, "url": url });
        post(tx, &Mail { template: NOTICE_MAIL, to, values, attachments: Vec::new() }).await?;
    }
    Ok(())
}

/// The person behind a reader's key, if the news is for them.
async fn reached(
    tx: &mut Tx,
    kind: &NoticeKind,
    to: Audience,
    reader: &str,
) -> Result<Option<Reached>, Fault> {
    let Some((side, id)) = reader.split_once(':') else { return Ok(None) };
    let Ok(id) = id.parse::<i64>() else { return Ok(None) };
    match (side, to) {
        ("staff", Audience::Staff | Audience::OneOfStaff(_)) => reach_staff(tx, id, kind.permission).await,
        ("user", Audience::Customer(customer)) => reach_user(tx, id, Some(customer), kind.permission).await,
        ("user", Audience::OneUser(_)) => reach_user(tx, id, None, None).await,
        _ => Ok(None),
    }
}
