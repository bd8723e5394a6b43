//! The catalogue in one language.

use std::sync::Arc;

use bursar_fault::{Text, TextArg};
use bursar_money::Money;
use bursar_time::Date;

use crate::{Catalogue, Locale};

/// Says texts in the language of one reader. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Translator {
    catalogue: Arc<Catalogue>,
    locale: Locale,
}

impl Translator {
    /// The texts of this catalogue in this language.
    pub const fn new(catalogue: Arc<Catalogue>, locale: Locale) -> Self {
        Self { catalogue, locale }
    }

    /// The language.
    pub const fn locale(&self) -> Locale {
        self.locale
    }

    /// The same texts in another language.
    #[must_use]
    pub fn in_locale(&self, locale: Locale) -> Self {
        Self { catalogue: Arc::clone(&self.catalogue), locale }
    }

    /// A text that speaks of nothing in particular.
    pub fn t(&self, key: &'static str) -> String {
        self.say(&Text::new(key))
    }

    /// A text with its values. One that cannot be written is logged and shows its key: a page with one odd word is
    /// more use to people than none. Tests look for such keys.
    pub fn say(&self, text: &Text) -> String {
        self.try_say(text).unwrap_or_else(|error| {
            tracing::error!(locale = self.locale.code(), "{error}");
            text.key().to_owned()
        })
    }

    /// The same, if the catalogue has it: for texts of modules that may be switched off.
    pub fn try_say(&self, text: &Text) -> Result<String, crate::TextError> {
        let args = text.args().iter().map(|(name, value)| (*name, value));
        self.catalogue.text(self.locale, text.key(), args)
    }

    /// Words that are a text's key, or words that are meant as they are: labels of navigation, which modules give
    /// before anybody reads them.
    pub fn label(&self, key_or_words: &str) -> String {
        let found =
            self.catalogue.has(key_or_words).then(|| self.catalogue.text(self.locale, key_or_words, []));
        found.and_then(Result::ok).unwrap_or_else(|| key_or_words.to_owned())
    }
}

/// An amount inside a text.
pub fn amount(money: Money) -> TextArg {
    TextArg::Amount {
        minor: money.minor(),
        code: money.currency().code().to_owned(),
        exponent: money.currency().exponent(),
    }
}

/// A date inside a text.
pub fn day(date: Date) -> TextArg {
    TextArg::Day(date.to_string())
}
