//! Apps: other services of the business that may sign people in here. Staff register them; none registers itself.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Row, Tx, params};
use bursar_fault::{Fault, FieldError};
use serde_json::json;
use url::Url;

use super::store;
use crate::error::IdentityError;
use crate::sessions::Kind;
use crate::{permissions, token};

bursar_db::statements! {
    /// A new one.
    pub(crate) INSERT = "INSERT INTO identity_apps (id, client_id, name, secret_hash, audience, is_first_party,
            redirect_uris, logout_uris, status, created_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'active', $9, 1)";
    /// Changed by whoever saw this version.
    pub(crate) UPDATE = "UPDATE identity_apps SET name = $3, audience = $4, is_first_party = $5, redirect_uris = $6,
            logout_uris = $7, status = $8, version = version + 1
        WHERE id = $1 AND version = $2";
    /// Another secret. A program without one keeps having none.
    pub(crate) SET_SECRET = "UPDATE identity_apps SET secret_hash = $2, version = version + 1
        WHERE id = $1 AND secret_hash IS NOT NULL";
    /// Gone.
    pub(crate) DELETE = "DELETE FROM identity_apps WHERE id = $1";
    /// One.
    pub(crate) FIND = "SELECT id, client_id, name, secret_hash, audience, is_first_party, redirect_uris, logout_uris,
            status, version
        FROM identity_apps WHERE id = $1";
    /// By what it calls itself.
    pub(crate) FIND_BY_CLIENT = "SELECT id, client_id, name, secret_hash, audience, is_first_party, redirect_uris,
            logout_uris, status, version
        FROM identity_apps WHERE client_id = $1";
    /// All.
    pub(crate) LIST = "SELECT id, client_id, name, secret_hash, audience, is_first_party, redirect_uris, logout_uris,
            status, version
        FROM identity_apps ORDER BY name, id LIMIT 200";
    /// Those whose name holds the text; there are few.
    pub(crate) SEARCH = "SELECT id FROM identity_apps WHERE name {like} $1 ESCAPE '!' ORDER BY id LIMIT $2";
}

/// How many addresses an app can have of each kind.
const MOST_ADDRESSES: usize = 20;

/// Who may sign in at an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Users of customers.
    Users,
    /// Who works here.
    Staff,
    /// Everybody.
    Both,
}

impl Audience {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Users, Self::Staff, Self::Both];

    /// As stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Staff => "staff",
            Self::Both => "both",
        }
    }

    /// As staff read it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Users => "Users of customers",
            Self::Staff => "Staff",
            Self::Both => "Both",
        }
    }

    /// From its code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }

    /// Whether somebody of this kind is among them.
    pub const fn includes(self, kind: Kind) -> bool {
        matches!((self, kind), (Self::Both, _) | (Self::Users, Kind::User) | (Self::Staff, Kind::Staff))
    }
}

/// What staff say about an app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppDraft {
    /// As people read it when they are asked.
    pub name: String,
    /// Who may sign in there.
    pub audience: Audience,
    /// The business's own: people are not asked.
    pub is_first_party: bool,
    /// Where people may be sent back to, letter by letter.
    pub redirect_uris: Vec<String>,
    /// Where people may be sent after signing out.
    pub logout_uris: Vec<String>,
    /// Whether anybody may sign in there.
    pub is_active: bool,
}

/// An app as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct App {
    /// Identity.
    pub id: i64,
    /// What it calls itself.
    pub client_id: String,
    /// What staff say about it.
    pub draft: AppDraft,
    /// For saving.
    pub version: i64,
    pub(crate) secret_hash: Option<String>,
}

impl App {
    /// Whether it has a secret; one without is a program on the person's own device.
    pub const fn is_confidential(&self) -> bool {
        self.secret_hash.is_some()
    }
}

/// What a new app is told: the only time its secret is known.
#[derive(Clone)]
pub struct NewApp {
    /// Identity.
    pub id: i64,
    /// What it calls itself.
    pub client_id: String,
    /// None for a program that could not keep one.
    pub secret: Option<String>,
}

impl std::fmt::Debug for NewApp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewApp").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

fn lines(text: &str) -> Vec<String> {
    text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn app(row: &Row<'_>) -> Result<App, Fault> {
    let audience = row.text(4)?;
    let audience =
        Audience::parse(audience).ok_or_else(|| Fault::corrupt(format!("{audience:?} is no audience")))?;
    Ok(App {
        id: row.get(0)?,
        client_id: row.get(1)?,
        secret_hash: row.get(3)?,
        version: row.get(9)?,
        draft: AppDraft {
            name: row.get(2)?,
            audience,
            is_first_party: row.get(5)?,
            redirect_uris: lines(row.text(6)?),
            logout_uris: lines(row.text(7)?),
            is_active: row.text(8)? == "active",
        },
    })
}

pub(crate) async fn find(tx: &mut Tx, id: i64) -> Result<Option<App>, Fault> {
    tx.query_opt(&FIND, params![id], app).await
}

pub(crate) async fn find_by_client(tx: &mut Tx, client_id: &str) -> Result<Option<App>, Fault> {
    tx.query_opt(&FIND_BY_CLIENT, params![client_id], app).await
}

/// Every app.
pub async fn list_apps(tx: &mut Tx) -> Result<Vec<App>, Fault> {
    tx.query(&LIST, params![], app).await
}

/// Registers an app.
///
/// # Errors
/// [`IdentityError::Denied`], [`IdentityError::Invalid`].
pub async fn add_app(cx: &Cx, draft: AppDraft, is_confidential: bool) -> Result<NewApp, IdentityError> {
    cx.require(permissions::APP_EDIT)?;
    let draft = tidy(draft);
    refuse_problems(&draft, is_confidential)?;
    cx.write(async move |tx: &mut Tx| {
        let (id, now) = (tx.new_raw_id()?, tx.now());
        let client_id = tx.random_token(16);
        let secret = is_confidential.then(|| tx.random_token(token::BYTES));
        let hash = secret.as_deref().map(token::stored);
        let (redirects, logouts) = (draft.redirect_uris.join("\n"), draft.logout_uris.join("\n"));
        let audience = draft.audience.code();
        let first = draft.is_first_party;
        let values =
            params![id, &client_id, &draft.name, hash.as_deref(), audience, first, &redirects, &logouts, now];
        tx.exec_one(&INSERT, values).await?;
        record(tx, id, None, Some(shown(&draft))).await?;
        Ok(NewApp { id, client_id, secret })
    })
    .await
}

/// Changes what is said about an app. Blocking it signs everybody out there.
///
/// # Errors
/// [`IdentityError::Denied`], [`IdentityError::Invalid`], [`IdentityError::NotFound`], [`IdentityError::Changed`].
pub(crate) async fn update(cx: &Cx, id: i64, version: i64, draft: AppDraft) -> Result<(), IdentityError> {
    cx.require(permissions::APP_EDIT)?;
    let draft = tidy(draft);
    cx.write(async move |tx: &mut Tx| {
        let before = find(tx, id).await?.ok_or(IdentityError::NotFound("app"))?;
        refuse_problems(&draft, before.is_confidential())?;
        let (redirects, logouts) = (draft.redirect_uris.join("\n"), draft.logout_uris.join("\n"));
        let status = if draft.is_active { "active" } else { "blocked" };
        let audience = draft.audience.code();
        let first = draft.is_first_party;
        let values = params![id, version, &draft.name, audience, first, &redirects, &logouts, status];
        if tx.exec(&UPDATE, values).await? != 1 {
            return Err(IdentityError::Changed);
        }
        if !draft.is_active {
            tx.exec(&store::DELETE_GRANTS_OF_APP, params![id]).await?;
        }
        Ok(record(tx, id, Some(shown(&before.draft)), Some(shown(&draft))).await?)
    })
    .await
}

/// Gives an app another secret and returns it; the old one stops working at once.
///
/// # Errors
/// [`IdentityError::Denied`], [`IdentityError::NotFound`] also for an app without a secret.
pub async fn renew_secret(cx: &Cx, id: i64) -> Result<String, IdentityError> {
    cx.require(permissions::APP_EDIT)?;
    cx.write(async move |tx: &mut Tx| {
        let secret = tx.random_token(token::BYTES);
        let hash = token::stored(&secret);
        if tx.exec(&SET_SECRET, params![id, &hash]).await? != 1 {
            return Err(IdentityError::NotFound("app with a secret"));
        }
        record(tx, id, None, Some(json!({ "secret": "renewed" }))).await?;
        Ok(secret)
    })
    .await
}

/// Removes an app with everything people allowed it.
///
/// # Errors
/// [`IdentityError::Denied`], [`IdentityError::NotFound`].
pub(crate) async fn remove(cx: &Cx, id: i64) -> Result<(), IdentityError> {
    cx.require(permissions::APP_EDIT)?;
    cx.write(async move |tx: &mut Tx| {
        let before = find(tx, id).await?.ok_or(IdentityError::NotFound("app"))?;
        tx.exec(&store::DELETE_GRANTS_OF_APP, params![id]).await?;
        tx.exec(&store::DELETE_CONSENTS_OF_APP, params![id]).await?;
        tx.exec_one(&DELETE, params![id]).await?;
        Ok(record(tx, id, Some(shown(&before.draft)), None).await?)
    })
    .await
}

type Shown = serde_json::Value;

async fn record(tx: &mut Tx, id: i64, before: Option<Shown>, after: Option<Shown>) -> Result<(), Fault> {
    let (subject, action) = (format!("app:{id}"), permissions::APP_EDIT);
    bursar_audit::record(tx, Audit { action, subject: &subject, before, after }).await
}

fn shown(draft: &AppDraft) -> Shown {
    json!({
        "name": draft.name, "audience": draft.audience.code(), "is_first_party": draft.is_first_party,
        "redirect_uris": draft.redirect_uris, "logout_uris": draft.logout_uris, "is_active": draft.is_active,
    })
}

fn tidy(draft: AppDraft) -> AppDraft {
    let trim = |all: Vec<String>| -> Vec<String> {
        all.iter().map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect()
    };
    AppDraft {
        name: draft.name.trim().to_owned(),
        redirect_uris: trim(draft.redirect_uris),
        logout_uris: trim(draft.logout_uris),
        ..draft
    }
}

fn refuse_problems(draft: &AppDraft, is_confidential: bool) -> Result<(), IdentityError> {
    let mut wrong = Vec::new();
    if draft.name.is_empty() || draft.name.chars().count() > 60 {
        wrong.push(FieldError::new("name", "Enter a name of at most 60 characters; people read it."));
    }
    if draft.redirect_uris.is_empty() {
        let text = "Enter at least one address, for example https://panel.example.com/callback.";
        wrong.push(FieldError::new("redirect_uris", text));
    }
    for (field, all) in [("redirect_uris", &draft.redirect_uris), ("logout_uris", &draft.logout_uris)] {
        if all.len() > MOST_ADDRESSES {
            wrong.push(FieldError::new(field, format!("Enter at most {MOST_ADDRESSES} addresses.")));
        }
        let found = all.iter().find_map(|text| address_problem(text, is_confidential));
        wrong.extend(found.map(|why| FieldError::new(field, why)));
    }
    if wrong.is_empty() { Ok(()) } else { Err(IdentityError::Invalid(wrong)) }
}

/// Why people cannot be sent to an address: a code must not travel in clear, and nothing may hang on behind it.
fn address_problem(text: &str, is_confidential: bool) -> Option<String> {
    let Ok(url) = Url::parse(text) else {
        return Some(format!("{text} is not an address like https://panel.example.com/callback."));
    };
    if url.fragment().is_some() || text.len() > 500 || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Some(format!(
            "{text} must be plain ASCII without a # part, and at most 500 characters long."
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Some(format!("{text} must not contain a user name or password."));
    }
    match url.scheme() {
        "https" if url.has_host() => None,
        "http" if is_this_machine(&url) => None,
        "http" => Some(format!("{text} must begin with https://; only localhost may go without.")),
        // Of a program on a phone or a desk (RFC 8252): its scheme is a reversed domain.
        scheme if scheme.contains('.') && !is_confidential => None,
        _ => Some(format!(
            "{text} must begin with https://, or with a reversed domain such as com.example.app: for a program \
             without a secret."
        )),
    }
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_sent_only_where_a_code_is_safe() {
        for good in [
            "https://panel.example.com/callback?tenant=1",
            "http://localhost:8080/cb",
            "http://127.0.0.1/cb",
            "http://[::1]:3000/",
        ] {
            assert_eq!(address_problem(good, true), None, "{good}");
        }
        for bad in [
            "http://panel.example.com/callback",
            "https://panel.example.com/#back",
            "https://ann:secret@panel.example.com/",
            "javascript:alert(1)",
            "data:text/html,hello",
            "/callback",
            "com.example.app:/callback",
            "https://panel.example.com/ä",
        ] {
            assert!(address_problem(bad, true).is_some(), "{bad}");
        }
        assert_eq!(address_problem("com.example.app:/callback", false), None);
        assert!(address_problem("javascript:alert(1)", false).is_some());
    }

    #[test]
    fn an_audience_is_users_staff_or_both() {
        assert!(Audience::Users.includes(Kind::User) && !Audience::Users.includes(Kind::Staff));
        assert!(Audience::Both.includes(Kind::User) && Audience::Both.includes(Kind::Staff));
        for it in Audience::ALL {
            assert_eq!(Audience::parse(it.code()), Some(it));
        }
    }
}
