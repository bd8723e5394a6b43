//! Providers as staff set them up.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Row, Tx, params};
use bursar_fault::{Fault, FieldError};
use bursar_outbound::Endpoint;
use bursar_vault::{Sealed, Secret, Vault};
use serde_json::json;

use crate::error::IdentityError;
use crate::oidc::Audience;
use crate::permissions;
use crate::sessions::Kind;

bursar_db::statements! {
    /// A new one.
    pub(crate) INSERT = "INSERT INTO identity_providers (id, code, name, issuer, client_id, secret_sealed, audience,
            may_create, is_second_factor, domains, status, created_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)";
    /// Changed by whoever saw this version.
    pub(crate) UPDATE = "UPDATE identity_providers SET name = $3, issuer = $4, client_id = $5, secret_sealed = $6,
            audience = $7, may_create = $8, is_second_factor = $9, domains = $10, status = $11, version = version + 1
        WHERE id = $1 AND version = $2";
    /// Gone.
    pub(crate) DELETE = "DELETE FROM identity_providers WHERE id = $1";
    /// Its links with it.
    pub(crate) DELETE_LINKS = "DELETE FROM identity_provider_links WHERE provider_id = $1";
    /// Those whose name holds the text; there are few.
    pub(crate) SEARCH = "SELECT id FROM identity_providers WHERE name {like} $1 ESCAPE '!' ORDER BY id LIMIT $2";
    /// One.
    pub(crate) FIND = "SELECT id, code, name, issuer, client_id, secret_sealed, audience, may_create, is_second_factor,
            domains, status, version
        FROM identity_providers WHERE id = $1";
    /// By its code.
    pub(crate) FIND_BY_CODE = "SELECT id, code, name, issuer, client_id, secret_sealed, audience, may_create,
            is_second_factor, domains, status, version
        FROM identity_providers WHERE code = $1";
    /// All.
    pub(crate) LIST = "SELECT id, code, name, issuer, client_id, secret_sealed, audience, may_create, is_second_factor,
            domains, status, version
        FROM identity_providers ORDER BY name, id LIMIT 50";
}

/// What staff say about a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderDraft {
    /// On the button.
    pub name: String,
    /// Its address, under which it describes itself.
    pub issuer: String,
    /// What we are called there.
    pub client_id: String,
    /// Who may sign in by it.
    pub audience: Audience,
    /// Whether users are made for people nobody knows yet.
    pub may_create: bool,
    /// Whether it asks for a second factor itself, so that we need not.
    pub is_second_factor: bool,
    /// Domains of addresses it may vouch for; empty: all.
    pub domains: Vec<String>,
    /// Whether anybody may sign in by it.
    pub is_active: bool,
}

/// A provider as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Identity.
    pub id: i64,
    /// As it stands in addresses.
    pub code: String,
    /// What staff say about it.
    pub draft: ProviderDraft,
    /// For saving.
    pub version: i64,
    secret_sealed: String,
}

impl Provider {
    /// The secret by which it knows us.
    pub(crate) fn secret(&self, vault: &Vault) -> Result<Secret<Vec<u8>>, Fault> {
        Ok(vault.open(&Sealed::parse(&self.secret_sealed)?, &place(self.id))?)
    }

    /// Whether somebody of this kind may sign in by it.
    pub(crate) fn admits(&self, kind: Kind) -> bool {
        self.draft.is_active && self.draft.audience.includes(kind)
    }
}

fn place(id: i64) -> String {
    format!("identity_providers:{id}:secret")
}

fn provider(row: &Row<'_>) -> Result<Provider, Fault> {
    let audience = row.text(6)?;
    let audience =
        Audience::parse(audience).ok_or_else(|| Fault::corrupt(format!("{audience:?} is no audience")))?;
    Ok(Provider {
        id: row.get(0)?,
        code: row.get(1)?,
        secret_sealed: row.get(5)?,
        version: row.get(11)?,
        draft: ProviderDraft {
            name: row.get(2)?,
            issuer: row.get(3)?,
            client_id: row.get(4)?,
            audience,
            may_create: row.get(7)?,
            is_second_factor: row.get(8)?,
            domains: row.text(9)?.split_whitespace().map(str::to_owned).collect(),
            is_active: row.text(10)? == "active",
        },
    })
}

pub(crate) async fn find(tx: &mut Tx, id: i64) -> Result<Option<Provider>, Fault> {
    tx.query_opt(&FIND, params![id], provider).await
}

pub(crate) async fn find_by_code(tx: &mut Tx, code: &str) -> Result<Option<Provider>, Fault> {
    tx.query_opt(&FIND_BY_CODE, params![code], provider).await
}

pub(crate) async fn list(tx: &mut Tx) -> Result<Vec<Provider>, Fault> {
    tx.query(&LIST, params![], provider).await
}

/// Those by which somebody of this kind may sign in.
pub(crate) async fn for_kind(tx: &mut Tx, kind: Kind) -> Result<Vec<Provider>, Fault> {
    Ok(list(tx).await?.into_iter().filter(|it| it.admits(kind)).collect())
}

/// Adds a provider and returns its identity.
///
/// # Errors
/// [`IdentityError::Denied`], [`IdentityError::Invalid`].
pub async fn add_provider(
    cx: &Cx,
    vault: &Vault,
    code: String,
    draft: ProviderDraft,
    secret: String,
) -> Result<i64, IdentityError> {
    cx.require(permissions::PROVIDER_EDIT)?;
    let draft = tidy(draft);
    let mut wrong = problems(&draft);
    let is_code = (1..=30).contains(&code.len())
        && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if !is_code {
        let text = "Use lower-case letters, digits and hyphens, for example google.";
        wrong.push(FieldError::new("code", text));
    }
    if secret.is_empty() {
        wrong.push(FieldError::new("secret", "Enter the secret that the provider gave you."));
    }
    refuse(wrong)?;
    let vault = vault.clone();
    cx.write(async move |tx: &mut Tx| {
        if find_by_code(tx, &code).await?.is_some() {
            let wrong = FieldError::new("code", "There is a provider with this short name already.");
            return Err(IdentityError::Invalid(vec![wrong]));
        }
        let (id, now) = (tx.new_raw_id()?, tx.now());
        let sealed = tx.with_rng(|rng| vault.seal(secret.as_bytes(), &place(id), rng)).to_string();
        let domains = draft.domains.join(" ");
        let values = params![
            id,
            &code,
            &draft.name,
            &draft.issuer,
            &draft.client_id,
            &sealed,
            draft.audience.code(),
            draft.may_create,
            draft.is_second_factor,
            &domains,
            status(&draft),
            now
        ];
        tx.exec_one(&INSERT, values).await?;
        record(tx, id, None, Some(shown(&draft))).await?;
        Ok(id)
    })
    .await
}

/// Changes what is said about a provider; an empty secret keeps the one there is.
///
/// # Errors
/// [`IdentityError::Denied`], [`IdentityError::Invalid`], [`IdentityError::NotFound`], [`IdentityError::Changed`].
pub(crate) async fn update(
    cx: &Cx,
    vault: &Vault,
    (id, version): (i64, i64),
    draft: ProviderDraft,
    secret: String,
) -> Result<(), IdentityError> {
    cx.require(permissions::PROVIDER_EDIT)?;
    let draft = tidy(draft);
    refuse(problems(&draft))?;
    let vault = vault.clone();
    cx.write(async move |tx: &mut Tx| {
        let before = find(tx, id).await?.ok_or(IdentityError::NotFound("provider"))?;
        let sealed = match secret.as_str() {
            "" => before.secret_sealed.clone(),
            new => tx.with_rng(|rng| vault.seal(new.as_bytes(), &place(id), rng)).to_string(),
        };
        if before.draft.issuer != draft.issuer {
            // Another issuer's names mean other people.
            tx.exec(&DELETE_LINKS, params![id]).await?;
        }
        let domains = draft.domains.join(" ");
        let values = params![
            id,
            version,
            &draft.name,
            &draft.issuer,
            &draft.client_id,
            &sealed,
            draft.audience.code(),
            draft.may_create,
            draft.is_second_factor,
            &domains,
            status(&draft)
        ];
        if tx.exec(&UPDATE, values).await? != 1 {
            return Err(IdentityError::Changed);
        }
        Ok(record(tx, id, Some(shown(&before.draft)), Some(shown(&draft))).await?)
    })
    .await
}

/// Removes a provider; nobody signs in by it any more.
///
/// # Errors
/// [`IdentityError::Denied`], [`IdentityError::NotFound`].
pub(crate) async fn remove(cx: &Cx, id: i64) -> Result<(), IdentityError> {
    cx.require(permissions::PROVIDER_EDIT)?;
    cx.write(async move |tx: &mut Tx| {
        let before = find(tx, id).await?.ok_or(IdentityError::NotFound("provider"))?;
        tx.exec(&DELETE_LINKS, params![id]).await?;
        tx.exec_one(&DELETE, params![id]).await?;
        Ok(record(tx, id, Some(shown(&before.draft)), None).await?)
    })
    .await
}

type Shown = serde_json::Value;

async fn record(tx: &mut Tx, id: i64, before: Option<Shown>, after: Option<Shown>) -> Result<(), Fault> {
    let (subject, action) = (format!("provider:{id}"), permissions::PROVIDER_EDIT);
    bursar_audit::record(tx, Audit { action, subject: &subject, before, after }).await
}

fn shown(draft: &ProviderDraft) -> Shown {
    json!({
        "name": draft.name, "issuer": draft.issuer, "client_id": draft.client_id,
        "audience": draft.audience.code(), "may_create": draft.may_create,
        "is_second_factor": draft.is_second_factor, "domains": draft.domains, "is_active": draft.is_active,
    })
}

const fn status(draft: &ProviderDraft) -> &'static str {
    if draft.is_active { "active" } else { "blocked" }
}

fn tidy(draft: ProviderDraft) -> ProviderDraft {
    let tidied = draft.domains.iter().map(|it| it.trim().trim_start_matches('@').to_lowercase());
    let domains = tidied.filter(|it| !it.is_empty()).collect();
    ProviderDraft {
        name: draft.name.trim().to_owned(),
        issuer: draft.issuer.trim().to_owned(),
        client_id: draft.client_id.trim().to_owned(),
        domains,
        ..draft
    }
}

fn problems(draft: &ProviderDraft) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if draft.name.is_empty() || draft.name.chars().count() > 40 {
        wrong
            .push(FieldError::new("name", "Enter a name of at most 40 characters; it stands on the button."));
    }
    if let Err(why) = Endpoint::parse(&draft.issuer) {
        wrong.push(FieldError::new("issuer", format!("{why}.")));
    }
    if draft.client_id.is_empty() || draft.client_id.len() > 300 {
        wrong.push(FieldError::new("client_id", "Enter what the provider calls you."));
    }
    if draft.domains.iter().any(|it| !it.contains('.') || it.contains(['@', '/', ',']) || it.len() > 253) {
        wrong.push(FieldError::new("domains", "Enter domains, for example example.com, one a line."));
    }
    wrong
}

fn refuse(wrong: Vec<FieldError>) -> Result<(), IdentityError> {
    if wrong.is_empty() { Ok(()) } else { Err(IdentityError::Invalid(wrong)) }
}

/// A provider for tests of what is decided about one.
#[cfg(test)]
pub(crate) fn sample(draft: ProviderDraft) -> Provider {
    Provider { id: 1, code: "example".to_owned(), draft, version: 1, secret_sealed: String::new() }
}
