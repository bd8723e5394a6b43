//! Every template of the product, and what can be attached to a mail.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use bursar_context::Cx;
use bursar_fault::Fault;
use bursar_i18n::Locale;
use serde_json::Value;

use crate::letter::Letterhead;
use crate::render::Draft;

/// A mail that a module writes.
#[derive(Debug, Clone, Copy)]
pub struct MailTemplate {
    /// `billing.invoice_issued`; begins with the module's name.
    pub name: &'static str,
    /// What staff read where templates are edited: `Invoice issued`.
    pub label: &'static str,
    /// Whether people get it whatever they prefer: because the law, money or their access hangs on it.
    pub is_essential: bool,
    /// Whether it carries a link that lets its reader in, so that few may read it in the outbox.
    pub is_secret: bool,
    /// Subject and body in every language; see [`sources!`](crate::sources).
    pub sources: [(Locale, &'static str); 6],
    /// What it may be given, for previews and for the test that renders every template with every sample.
    pub samples: fn() -> Vec<Value>,
}

impl MailTemplate {
    /// The template as it comes with the product.
    pub fn built_in(&self, locale: Locale) -> Draft {
        let source = self.sources.iter().find(|(known, _)| *known == locale).map_or("", |(_, text)| text);
        Draft::parse(source)
    }
}

/// A file on a mail, made when the mail is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// The file's name.
    pub name: String,
    /// `application/pdf`.
    pub media_type: &'static str,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Makes attachments of one kind. A mail stores only kind and id: a document is typeset when it is sent, not in the
/// transaction that writes the mail.
#[async_trait]
pub trait AttachmentSource: Send + Sync {
    /// The file of a subject.
    async fn attach(&self, cx: &Cx, id: i64) -> Result<Attached, Fault>;
}

/// Where people reach us, without a slash at the end, for links in mails. Attached to every unit of work, because mails
/// are written where no request is.
#[derive(Debug, Clone)]
pub struct PublicAddress(pub String);

/// All templates and attachment sources. Attached to every unit of work.
#[derive(Default)]
pub struct MailBook {
    templates: BTreeMap<&'static str, MailTemplate>,
    sources: BTreeMap<&'static str, Arc<dyn AttachmentSource>>,
}

impl std::fmt::Debug for MailBook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.templates.keys()).finish()
    }
}

impl MailBook {
    /// Checks what the modules registered.
    ///
    /// # Errors
    /// A name given twice, and a template that cannot be compiled or has no subject.
    pub fn new(
        templates: Vec<MailTemplate>,
        sources: Vec<(&'static str, Arc<dyn AttachmentSource>)>,
    ) -> Result<Self, Fault> {
        let mut book = Self { sources: sources.into_iter().collect(), ..Self::default() };
        for template in templates {
            for locale in Locale::ALL {
                template.built_in(locale).check().map_err(|error| {
                    Fault::wrap(format!("mail {} in {}", template.name, locale.code()), error)
                })?;
            }
            if book.templates.insert(template.name, template).is_some() {
                return Err(Fault::new(format!("mail {} is registered twice", template.name)));
            }
        }
        Ok(book)
    }

    /// Writes every sample in every language and says how many mails that were. For the tests of modules: a value that
    /// a translation asks for and no sample has comes to light here.
    ///
    /// # Errors
    /// The template, the language and what is wrong.
    pub fn write_samples(&self) -> Result<usize, Fault> {
        let head = Letterhead {
            name: "Northwind".to_owned(),
            primary: "#1d4ed8".to_owned(),
            primary_text: "#ffffff".to_owned(),
            footer: String::new(),
            preferences: None,
        };
        let mut written = 0;
        for template in self.templates() {
            for locale in Locale::ALL {
                for sample in (template.samples)() {
                    template.built_in(locale).render(locale, &sample, &head).map_err(|error| {
                        Fault::wrap(format!("mail {} in {}", template.name, locale.code()), error)
                    })?;
                    written += 1;
                }
            }
        }
        Ok(written)
    }

    /// A template by name.
    pub fn find(&self, name: &str) -> Option<&MailTemplate> {
        self.templates.get(name)
    }

    /// Every template, by name.
    pub fn templates(&self) -> impl Iterator<Item = &MailTemplate> {
        self.templates.values()
    }

    /// What makes attachments of a kind.
    pub fn source(&self, kind: &str) -> Option<&Arc<dyn AttachmentSource>> {
        self.sources.get(kind)
    }
}
