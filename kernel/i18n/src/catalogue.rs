//! Every text of the product in every language, read once from Fluent files.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use bursar_fault::{Fault, TextArg};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast;
use fluent_syntax::serializer::serialize;
use unic_langid::LanguageIdentifier;

use crate::{Direction, Locale, MoneyStyle, format_date, format_minor, format_number};

type Bundle = FluentBundle<Arc<FluentResource>>;

/// The Fluent files of all modules, before they are read.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    files: Vec<(&'static str, Locale, &'static str)>,
    /// What came of them, for all who hold the same files.
    read: Arc<OnceLock<Arc<Catalogue>>>,
}

impl Texts {
    /// Adds the files of a module, whose name every key of theirs begins with; see [`texts!`](crate::texts).
    pub fn add(&mut self, module: &'static str, files: impl IntoIterator<Item = (Locale, &'static str)>) {
        self.files.extend(files.into_iter().map(|(locale, text)| (module, locale, text)));
        self.read = Arc::default();
    }

    /// All of it, read by the first who asks and shared with every clone: it is megabytes.
    ///
    /// # Errors
    /// As [`compile`](Self::compile).
    pub fn catalogue(&self) -> Result<Arc<Catalogue>, Fault> {
        if let Some(read) = self.read.get() {
            return Ok(Arc::clone(read));
        }
        let read = Arc::new(self.clone().compile()?);
        Ok(Arc::clone(self.read.get_or_init(|| read)))
    }

    /// Reads all of it, so that a mistake in a file shows at the start and not on a page.
    pub fn compile(self) -> Result<Catalogue, Fault> {
        let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
        let mut bundles = BTreeMap::new();
        // One language after the other: what Fluent makes of a file is many times the file, and most of it is only
        // needed until the texts without values are written out.
        for locale in Locale::ALL {
            let mut whole = empty(locale);
            let mut resources = Vec::new();
            for (module, _, text) in self.files.iter().filter(|(_, of, _)| *of == locale) {
                let resource = Arc::new(read(module, locale, text)?);
                whole.add_resource(Arc::clone(&resource)).map_err(|errors| {
                    let first = errors.first().map(ToString::to_string).unwrap_or_default();
                    Fault::new(format!("the {} texts of {module} clash: {first}", locale.code()))
                })?;
                resources.push(resource);
            }
            for key in resources.iter().flat_map(|resource| keys_of(resource)) {
                let said =
                    format(&whole, key, None).map_or(Said::WithValues, |text| Said::Plain(text.into()));
                entries.entry(key.to_owned()).or_default().0.insert(locale, said);
            }
            let mut kept = empty(locale);
            for resource in &resources {
                let with_values = only(resource, |key| {
                    let said = entries.get(key).and_then(|entry| entry.0.get(&locale));
                    matches!(said, Some(Said::WithValues))
                });
                kept.add_resource(Arc::new(with_values))
                    .map_err(|_| Fault::new("texts that did not clash before clash now"))?;
            }
            bundles.insert(locale, kept);
        }
        Ok(Catalogue { entries, bundles })
    }
}

fn read(module: &str, locale: Locale, text: &str) -> Result<FluentResource, Fault> {
    let resource = FluentResource::try_new(text.to_owned()).map_err(|(_, errors)| {
        let first = errors.first().map(ToString::to_string).unwrap_or_default();
        Fault::new(format!("the {} texts of {module} cannot be read: {first}", locale.code()))
    })?;
    for key in keys_of(&resource) {
        if key.strip_prefix(module).is_none_or(|rest| !rest.starts_with('-')) {
            return Err(Fault::new(format!("text {key} of {module} does not begin with {module}-")));
        }
    }
    // A text that needs another could not be kept alone, and translators would see half a sentence.
    if let Some(key) = resource.entries().find_map(reference) {
        return Err(Fault::new(format!("text {key} of {module} refers to another text")));
    }
    Ok(resource)
}

fn keys_of(resource: &FluentResource) -> impl Iterator<Item = &str> {
    resource.entries().filter_map(|entry| match entry {
        ast::Entry::Message(message) => Some(message.id.name),
        _ => None,
    })
}

/// The texts of a file whose keys are wanted.
fn only(resource: &FluentResource, is_wanted: impl Fn(&str) -> bool) -> FluentResource {
    let wanted = |entry: &&ast::Entry<&str>| match entry {
        ast::Entry::Message(message) => is_wanted(message.id.name),
        _ => false,
    };
    let body = resource.entries().filter(wanted).cloned().collect();
    FluentResource::try_new(serialize(&ast::Resource { body }))
        .expect("what was read is written as it is read")
}

/// The key of a text that refers to another one, if this is one.
fn reference<'r>(entry: &'r ast::Entry<&'r str>) -> Option<&'r str> {
    let ast::Entry::Message(message) = entry else { return None };
    message.value.as_ref().is_some_and(refers).then_some(message.id.name)
}

fn refers(pattern: &ast::Pattern<&str>) -> bool {
    let inline = |inline: &ast::InlineExpression<&str>| {
        use ast::InlineExpression::{MessageReference, TermReference};
        matches!(inline, MessageReference { .. } | TermReference { .. })
    };
    pattern.elements.iter().any(|element| match element {
        ast::PatternElement::Placeable { expression: ast::Expression::Inline(it) } => inline(it),
        ast::PatternElement::Placeable { expression: ast::Expression::Select { selector, variants } } => {
            inline(selector) || variants.iter().any(|variant| refers(&variant.value))
        }
        ast::PatternElement::TextElement { .. } => false,
    })
}

/// A bundle that writes numbers as the locale does. Where the script runs from right to left every value is isolated,
/// or its direction would spill over into the sentence.
fn empty(locale: Locale) -> Bundle {
    let language: LanguageIdentifier = locale.code().parse().expect("our codes are language tags");
    let mut bundle = Bundle::new_concurrent(vec![language]);
    bundle.set_use_isolating(locale.direction() == Direction::Rtl);
    bundle.set_formatter(Some(match locale {
        Locale::En => |value, _| number(value, Locale::En),
        Locale::De => |value, _| number(value, Locale::De),
        Locale::Es => |value, _| number(value, Locale::Es),
        Locale::Fr => |value, _| number(value, Locale::Fr),
        Locale::Bn => |value, _| number(value, Locale::Bn),
        Locale::Ar => |value, _| number(value, Locale::Ar),
    }));
    bundle
}

fn number(value: &FluentValue<'_>, locale: Locale) -> Option<String> {
    match value {
        FluentValue::Number(number) => number.as_string().parse().ok().map(|it| format_number(it, locale)),
        _ => None,
    }
}

/// One text in the languages that have it; the others read English.
#[derive(Debug, Default)]
struct Entry(BTreeMap<Locale, Said>);

/// A text in one language.
#[derive(Debug)]
enum Said {
    /// It needs no value and is written out already.
    Plain(Box<str>),
    /// Fluent writes it.
    WithValues,
}

/// Why a text could not be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// No module brings it.
    #[error("there is no text {0}")]
    Unknown(String),
    /// A value that it speaks of was not given.
    #[error("text {key} cannot be written: {why}")]
    Incomplete {
        /// Its key.
        key: String,
        /// What Fluent says.
        why: String,
    },
}

/// Every text there is.
pub struct Catalogue {
    entries: BTreeMap<String, Entry>,
    bundles: BTreeMap<Locale, Bundle>,
}

impl std::fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Catalogue of {} texts", self.entries.len())
    }
}

impl Catalogue {
    /// The keys of all texts, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// Whether there is such a text.
    pub fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// The words of a text; in English when the language lacks it.
    pub fn text<'a>(
        &self,
        locale: Locale,
        key: &str,
        args: impl IntoIterator<Item = (&'a str, &'a TextArg)>,
    ) -> Result<String, TextError> {
        let unknown = || TextError::Unknown(key.to_owned());
        let entry = self.entries.get(key).ok_or_else(unknown)?;
        let (home, said) = entry
            .0
            .get_key_value(&locale)
            .or_else(|| entry.0.get_key_value(&Locale::En))
            .ok_or_else(unknown)?;
        if let Said::Plain(text) = said {
            return Ok(text.clone().into_string());
        }
        let values: FluentArgs<'_> =
            args.into_iter().map(|(name, value)| (name, fluent_value(value, locale))).collect();
        format(self.bundles.get(home).ok_or_else(unknown)?, key, Some(&values))
    }
}

fn format(bundle: &Bundle, key: &str, values: Option<&FluentArgs<'_>>) -> Result<String, TextError> {
    let pattern = bundle.get_message(key).and_then(|message| message.value());
    let pattern = pattern.ok_or_else(|| TextError::Unknown(key.to_owned()))?;
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, values, &mut errors).into_owned();
    match errors.first() {
        None => Ok(text),
        Some(error) => Err(TextError::Incomplete { key: key.to_owned(), why: error.to_string() }),
    }
}

fn fluent_value(arg: &TextArg, locale: Locale) -> FluentValue<'static> {
    match arg {
        TextArg::Number(number) => FluentValue::from(*number),
        TextArg::Word(word) => FluentValue::from(isolated(word, locale)),
        TextArg::Amount { minor, code, exponent } => {
            let text = format_minor(*minor, code, *exponent, locale, MoneyStyle::Symbol);
            FluentValue::from(if locale.direction() == Direction::Rtl {
                format!("\u{2066}{text}\u{2069}")
            } else {
                text
            })
        }
        TextArg::Day(iso) => {
            FluentValue::from(iso.parse().map_or_else(|_| iso.clone(), |date| format_date(date, locale)))
        }
    }
}

/// A word that runs from right to left inside a sentence that does not: an Arabic name in an English letter. In
/// languages of that direction Fluent isolates by itself.
fn isolated(word: &str, locale: Locale) -> String {
    let is_rtl =
        |c: char| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}');
    if locale.direction() == Direction::Ltr && word.chars().any(is_rtl) {
        format!("\u{2068}{word}\u{2069}")
    } else {
        word.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: &str = "
shop-hello = Hello
shop-name = Hello { $name }
shop-items = { $count ->
    [one] { $count } item
   *[other] { $count } items
}
shop-state = { $state ->
    [paid] Paid
   *[other] { $state }
}
shop-owed = { $amount } until { $date }
shop-only-english = Only here
";
    const GERMAN: &str = "
shop-hello = Hallo
shop-name = Hallo { $name }
shop-items = { $count ->
    [one] { $count } Artikel
   *[other] { $count } Artikel
}
shop-owed = { $amount } bis { $date }
";
    const ARABIC: &str = "
shop-name = مرحبا { $name }
shop-items = { $count ->
    [zero] لا عناصر
    [one] عنصر واحد
    [two] عنصران
    [few] { $count } عناصر
    [many] { $count } عنصرا
   *[other] { $count } عنصر
}
shop-state = { $state ->
    [paid] مدفوع
   *[other] { $state }
}
";

    fn catalogue() -> Catalogue {
        let mut texts = Texts::default();
        texts.add("shop", [(Locale::En, ENGLISH), (Locale::De, GERMAN), (Locale::Ar, ARABIC)]);
        texts.compile().unwrap()
    }

    fn say(locale: Locale, key: &str, args: &[(&str, TextArg)]) -> String {
        catalogue().text(locale, key, args.iter().map(|(name, value)| (*name, value))).unwrap()
    }

    #[test]
    fn what_was_read_is_shared_until_there_is_more_to_read() {
        let mut texts = Texts::default();
        texts.add("shop", [(Locale::En, ENGLISH)]);
        let (first, shared) = (texts.catalogue().unwrap(), texts.clone().catalogue().unwrap());
        assert!(Arc::ptr_eq(&first, &shared));
        texts.add("till", [(Locale::En, "till-open = Open")]);
        assert!(!first.has("till-open") && texts.catalogue().unwrap().has("till-open"));
        texts.add("till", [(Locale::En, "shut = Shut")]);
        assert!(
            texts.catalogue().is_err() && texts.catalogue().is_err(),
            "a mistake is told to everybody who asks"
        );
    }

    #[test]
    fn each_language_counts_by_its_own_rules() {
        let items = |locale, count: i64| say(locale, "shop-items", &[("count", count.into())]);
        assert_eq!(items(Locale::En, 1), "1 item");
        assert_eq!(items(Locale::En, 1_200), "1,200 items");
        assert_eq!(items(Locale::De, 1_200), "1.200 Artikel");
        assert_eq!(items(Locale::Ar, 0), "لا عناصر");
        assert_eq!(items(Locale::Ar, 2), "عنصران");
        assert!(items(Locale::Ar, 3).contains("عناصر"), "three to ten are few");
        assert!(items(Locale::Ar, 11).contains("عنصرا"), "eleven are many");
    }

    #[test]
    fn what_a_language_lacks_is_said_in_english_with_the_readers_own_numbers() {
        assert_eq!(say(Locale::Fr, "shop-only-english", &[]), "Only here");
        let args = [
            ("amount", TextArg::Amount { minor: 123_450, code: "EUR".to_owned(), exponent: 2 }),
            ("date", TextArg::Day("2026-03-09".to_owned())),
        ];
        assert_eq!(say(Locale::De, "shop-owed", &args), "1.234,50\u{a0}€ bis 09.03.2026");
        assert_eq!(say(Locale::Fr, "shop-owed", &args), "1\u{202f}234,50\u{a0}€ until 09/03/2026");
    }

    #[test]
    fn names_of_the_other_direction_are_isolated_and_choices_still_match() {
        assert_eq!(say(Locale::En, "shop-name", &[("name", "Ann".into())]), "Hello Ann");
        assert_eq!(say(Locale::En, "shop-name", &[("name", "ليلى".into())]), "Hello \u{2068}ليلى\u{2069}");
        assert_eq!(say(Locale::Ar, "shop-name", &[("name", "Ann".into())]), "مرحبا \u{2068}Ann\u{2069}");
        assert_eq!(say(Locale::Ar, "shop-state", &[("state", "paid".into())]), "مدفوع");
        assert_eq!(say(Locale::En, "shop-state", &[("state", "lost".into())]), "lost");
    }

    #[test]
    fn a_text_that_is_not_there_and_a_value_that_was_not_given_are_errors() {
        let catalogue = catalogue();
        assert_eq!(
            catalogue.text(Locale::En, "shop-gone", []),
            Err(TextError::Unknown("shop-gone".to_owned()))
        );
        assert!(matches!(catalogue.text(Locale::En, "shop-name", []), Err(TextError::Incomplete { .. })));
    }

    #[test]
    fn texts_of_several_lines_keep_their_lines_with_values_and_without() {
        let mut texts = Texts::default();
        let lines = "shop-plain =\n    One\n      two\n\n    three\nshop-full =\n    One { $a }\n      two { \"{\" }\n\n    three";
        texts.add("shop", [(Locale::En, lines)]);
        let catalogue = texts.compile().unwrap();
        let one = TextArg::from("x");
        let full = catalogue.text(Locale::En, "shop-full", [("a", &one)]).unwrap();
        assert_eq!(catalogue.text(Locale::En, "shop-plain", []).unwrap(), "One\n  two\n\nthree");
        assert_eq!(full, "One x\n  two {\n\nthree");
    }

    #[test]
    fn a_file_with_a_mistake_is_named_at_the_start() {
        let compile = |files: &[(&'static str, &'static str)]| {
            let mut texts = Texts::default();
            for (module, text) in files {
                texts.add(module, [(Locale::De, *text)]);
            }
            texts.compile().unwrap_err().chain()
        };
        assert!(compile(&[("shop", "shop-a = {")]).contains("de texts of shop"));
        assert!(compile(&[("shop", "cart-a = A")]).contains("cart-a"));
        assert!(compile(&[("shop", "shop-a = A"), ("shop", "shop-a = B")]).contains("clash"));
        let leaning = "shop-a = A\nshop-b = { $n ->\n    [one] { shop-a }\n   *[other] { $n }\n}";
        assert!(compile(&[("shop", leaning)]).contains("shop-b of shop refers to another text"));
    }
}
