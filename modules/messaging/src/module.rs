//! What this module brings to the application.

use bursar_app::{Module, Permission, Registry};
use bursar_db::{Migrations, Statement};
use bursar_jobs::Schedule;
use bursar_mail::MailTemplate;
use bursar_vault::Vault;
use serde_json::json;

use crate::messages::send;
use crate::notices::{self, ForgetNotices, NOTICE_MAIL};
use crate::{pages, permissions};

/// The mail that tries out the settings.
pub(crate) const TEST_MAIL: &str = "messaging.test";

/// Messages, their outbox and the way out.
#[derive(Debug, Clone)]
pub struct MessagingModule {
    vault: Vault,
}

impl MessagingModule {
    /// With the keys that seal the mail server's password.
    pub const fn new(vault: Vault) -> Self {
        Self { vault }
    }
}

impl Module for MessagingModule {
    fn name(&self) -> &'static str {
        "messaging"
    }

    fn migrations(&self) -> Migrations {
        crate::migrations()
    }

    fn statements(&self) -> Vec<&'static Statement> {
        crate::statements()
    }

    fn permissions(&self) -> &'static [Permission] {
        permissions::ALL
    }

    fn register(&self, registry: &mut Registry) {
        crate::personal::register(registry);
        let vault = self.vault.clone();
        registry.job::<send::SendMessage, _, _>(move |cx, job| send::handle(cx, vault.clone(), job));
        registry.mail(MailTemplate {
            name: TEST_MAIL,
            label: "Test of the mail settings",
            is_essential: true,
            is_secret: false,
            sources: bursar_mail::sources!("../mails/test"),
            samples: || vec![json!({ "host": "mail.example.com", "from": "billing@example.com" })],
        });
        registry.mail(MailTemplate {
            name: NOTICE_MAIL,
            label: "News that somebody wants by mail",
            is_essential: true,
            is_secret: false,
            sources: bursar_mail::sources!("../mails/notice"),
            samples: || {
                vec![json!({ "text": "Order ORD-000042 waits for review.", "url": "https://example.com/admin/orders/42" })]
            },
        });
        registry.job(notices::forget);
        registry.schedule(Schedule::daily("messaging.forget_notices", 4, |_| ForgetNotices {}));
        registry.settings(notices::settings_page());
        pages::register(registry, &self.vault);
    }
}
