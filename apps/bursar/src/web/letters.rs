//! What identity writes to people: worded here in their language, sent by messaging.

use async_trait::async_trait;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_i18n::Locale;
use bursar_identity::browser_name;
use bursar_identity::events::{NewDeviceUsed, SecurityChanged};
use bursar_identity::mail::{IdentityMail, Letter, Recipient};
use bursar_mail::{MailTemplate, sources};
use bursar_messaging::{Mail, Recipient as Reader, post};
use serde_json::{Value, json};

const RESET: &str = "desk.reset_password";
const VERIFY: &str = "desk.verify_address";
const KNOWN: &str = "desk.address_known";
const INVITATION: &str = "desk.invitation";
const NEW_DEVICE: &str = "desk.new_device";
const SECURITY: &str = "desk.security_changed";

/// All of them are about access, so that nobody can refuse them; three of them let their reader in.
pub(super) const TEMPLATES: &[MailTemplate] = &[
    MailTemplate {
        name: RESET,
        label: "Choose a new password",
        is_essential: true,
        is_secret: true,
        sources: sources!("../../mails/reset_password"),
        samples: || {
            vec![
                json!({ "name": "Ann Becker", "minutes": 30, "url": "https://office.example/portal/reset/example" }),
            ]
        },
    },
    MailTemplate {
        name: VERIFY,
        label: "Confirm an address",
        is_essential: true,
        is_secret: true,
        sources: sources!("../../mails/verify_address"),
        samples: || vec![json!({ "name": "", "url": "https://office.example/portal/verify/example" })],
    },
    MailTemplate {
        name: KNOWN,
        label: "Sign-up with a known address",
        is_essential: true,
        is_secret: false,
        sources: sources!("../../mails/address_known"),
        samples: || vec![json!({ "name": "Ann Becker", "url": "https://office.example/portal/sign-in" })],
    },
    MailTemplate {
        name: INVITATION,
        label: "Invitation to a team",
        is_essential: true,
        is_secret: true,
        sources: sources!("../../mails/invitation"),
        samples: || {
            vec![json!({
                "name": "", "inviter": "Ann Becker", "customer": "Becker Ltd", "days": 7,
                "url": "https://office.example/portal/invitation/example",
            })]
        },
    },
    MailTemplate {
        name: NEW_DEVICE,
        label: "A new browser signed in",
        is_essential: true,
        is_secret: false,
        sources: sources!("../../mails/new_device"),
        samples: || vec![json!({ "name": "Ann Becker", "agent": "Firefox (Linux)", "address": "192.0.2.7" })],
    },
    MailTemplate {
        name: SECURITY,
        label: "Sign-in changed",
        is_essential: true,
        is_secret: false,
        sources: sources!("../../mails/security_changed"),
        samples: || {
            let whats = [
                "password",
                "totp_added",
                "totp_removed",
                "passkey_added",
                "passkey_removed",
                "recovery_codes",
                "api_token",
                "provider_added",
                "provider_removed",
                "taken_over",
                "another",
            ];
            whats.into_iter().map(|what| json!({ "name": "Ann Becker", "what": what })).collect()
        },
    },
];

/// Writes letters with links to this address.
pub(super) struct Letters {
    pub(super) base: String,
}

#[async_trait(?Send)]
impl IdentityMail for Letters {
    async fn write(&self, tx: &mut Tx, to: &Recipient, letter: &Letter) -> Result<(), Fault> {
        let url = |path: &str| format!("{}{path}", self.base);
        let (template, values) = match letter {
            Letter::ResetPassword { path, minutes } => {
                (RESET, json!({ "url": url(path), "minutes": minutes }))
            }
            Letter::VerifyAddress { path } => (VERIFY, json!({ "url": url(path) })),
            Letter::AddressKnown { path } => (KNOWN, json!({ "url": url(path) })),
            Letter::Invitation { path, customer_name, inviter, days } => (
                INVITATION,
                json!({ "url": url(path), "customer": customer_name, "inviter": inviter, "days": days }),
            ),
        };
        write(tx, to, template, values).await
    }
}

async fn write(tx: &mut Tx, to: &Recipient, template: &'static str, mut values: Value) -> Result<(), Fault> {
    values["name"] = Value::from(to.name.clone());
    let locale = language_of(tx, &to.email).await?;
    let to = Reader { email: to.email.clone(), name: to.name.clone(), locale, customer_id: None };
    post(tx, &Mail { template, to, values, attachments: Vec::new() }).await.map(drop)
}

/// The language of the customer with this address; the house's for everybody else.
async fn language_of(tx: &mut Tx, email: &str) -> Result<Locale, Fault> {
    let Some(id) = bursar_customers::find_by_email(tx, email).await?.into_iter().next() else {
        return Ok(Locale::default());
    };
    let customer = bursar_customers::find(tx, id).await?;
    Ok(customer.and_then(|customer| Locale::parse(&customer.details.language)).unwrap_or_default())
}

/// Tells somebody that they, or somebody else as them, came with a new browser.
pub(super) async fn on_new_device(tx: &mut Tx, event: NewDeviceUsed) -> Result<(), Fault> {
    super::news::new_device(tx, &event).await?;
    let to = Recipient { email: event.email, name: event.name };
    write(tx, &to, NEW_DEVICE, json!({ "agent": browser_name(&event.agent), "address": event.address })).await
}

/// Tells somebody that what lets them in has changed.
pub(super) async fn on_security_changed(tx: &mut Tx, event: SecurityChanged) -> Result<(), Fault> {
    let to = Recipient { email: event.email, name: event.name };
    write(tx, &to, SECURITY, json!({ "what": event.what })).await
}

#[cfg(test)]
mod tests {
    use bursar_mail::MailBook;

    use super::*;

    #[test]
    fn every_mail_is_written_in_every_language_with_every_sample() {
        let book = MailBook::new(TEMPLATES.to_vec(), Vec::new()).unwrap();
        assert_eq!(book.write_samples().unwrap(), 16 * 6, "sixteen samples in six languages");
    }

    /// A link that works once is what the outbox must not show to everybody who may look at it.
    #[test]
    fn mails_whose_link_lets_the_reader_in_are_secret() {
        let all = TEMPLATES.iter().copied().chain([super::super::door::sign_in_mail()]);
        let secret: Vec<&str> =
            all.filter(|template| template.is_secret).map(|template| template.name).collect();
        assert_eq!(secret, [RESET, VERIFY, INVITATION, "desk.sign_in_link"]);
    }
}
