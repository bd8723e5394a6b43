//! The words of the template itself, by language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Complete; what another language lacks is taken from here.
const ENGLISH: &str = include_str!("../../templates/labels/en.json");

const TRANSLATIONS: [(&str, &str); 5] = [
    ("ar", include_str!("../../templates/labels/ar.json")),
    ("bn", include_str!("../../templates/labels/bn.json")),
    ("de", include_str!("../../templates/labels/de.json")),
    ("es", include_str!("../../templates/labels/es.json")),
    ("fr", include_str!("../../templates/labels/fr.json")),
];

/// Words by key. Always complete: it starts from English and is only ever overlaid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Labels(BTreeMap<String, String>);

impl Labels {
    /// The words of a language, by BCP 47 tag; only the language itself counts (`de-AT` is `de`). English when we do
    /// not have it.
    pub fn for_language(tag: &str) -> Self {
        let language = primary_language(tag);
        let mut words = parse(ENGLISH);
        if let Some((_, json)) = TRANSLATIONS.iter().find(|(known, _)| *known == language) {
            words.extend(parse(json));
        }
        Self(words)
    }

    /// Put another word in the place of one: "Rechnung" may have to be "Rechnung/Lieferschein". A key that the
    /// template does not know has no effect.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, text: impl Into<String>) -> Self {
        self.0.insert(key.into(), text.into());
        self
    }

    /// The word, or nothing when the key is unknown.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }
}

fn parse(json: &str) -> BTreeMap<String, String> {
    serde_json::from_str(json).expect("the embedded words are valid JSON; a test parses them all")
}

/// The language of a tag in lower case; `en` when there is none.
pub(super) fn primary_language(tag: &str) -> String {
    let language = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let is_code = (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_lowercase());
    if is_code { language } else { "en".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_translation_has_the_keys_and_placeholders_of_english_and_no_others() {
        let english = parse(ENGLISH);
        let placeholders = |text: &str| {
            let mut found: Vec<String> =
                text.split('{').skip(1).map(|s| s.split('}').next().unwrap().into()).collect();
            found.sort_unstable();
            found
        };
        for (language, json) in TRANSLATIONS {
            let words = parse(json);
            assert!(words.keys().eq(english.keys()), "keys of {language}");
            for (key, text) in &words {
                assert!(!text.trim().is_empty(), "{language} {key}");
                assert_eq!(placeholders(text), placeholders(&english[key]), "{language} {key}");
            }
        }
    }

    #[test]
    fn a_regional_tag_gives_its_language_and_an_unknown_one_english() {
        assert_eq!(Labels::for_language("de-AT").get("invoice"), Some("Rechnung"));
        assert_eq!(Labels::for_language("FR_ca").get("invoice"), Some("Facture"));
        assert_eq!(Labels::for_language("xx").get("invoice"), Some("Invoice"));
        assert_eq!(Labels::for_language("").get("invoice"), Some("Invoice"));
    }
}
