//! Words for people that are not chosen yet: the language is known only where they are shown.

/// A value inside a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextArg {
    /// Words, names, numbers of documents.
    Word(String),
    /// A count: it decides between singular and plural, and is written with the reader's separators.
    Number(i64),
    /// An amount.
    Amount {
        /// In the currency's smallest unit.
        minor: i64,
        /// The currency's ISO code.
        code: String,
        /// How many decimals the currency has.
        exponent: u8,
    },
    /// A calendar date in ISO form.
    Day(String),
}

impl From<&str> for TextArg {
    fn from(word: &str) -> Self {
        Self::Word(word.to_owned())
    }
}

impl From<String> for TextArg {
    fn from(word: String) -> Self {
        Self::Word(word)
    }
}

impl From<i64> for TextArg {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

/// A text by its key, with what it speaks of. It becomes words in `kernel/i18n`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    key: &'static str,
    args: Vec<(&'static str, TextArg)>,
}

impl Text {
    /// The text of a key; keys begin with their module: `billing-invoice-due`.
    pub const fn new(key: &'static str) -> Self {
        Self { key, args: Vec::new() }
    }

    /// With a value under the name that the text knows it by.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<TextArg>) -> Self {
        self.args.push((name, value.into()));
        self
    }

    /// The key.
    pub const fn key(&self) -> &'static str {
        self.key
    }

    /// The values by name.
    pub fn args(&self) -> &[(&'static str, TextArg)] {
        &self.args
    }
}
