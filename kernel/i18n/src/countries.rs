//! Countries by name, in every language.
//!
//! The names are those of Unicode's CLDR, whose licence lies beside them; each file is in the order in which a reader of
//! its language looks them up. ISO 3166-1 alpha-2 codes, and XK, which banks and carriers use for Kosovo.

use std::sync::LazyLock;

use crate::Locale;

/// A country: its code and its name.
pub type Country = (&'static str, &'static str);

static ENGLISH: LazyLock<Vec<Country>> = LazyLock::new(|| read(include_str!("../countries/en.txt")));
static GERMAN: LazyLock<Vec<Country>> = LazyLock::new(|| read(include_str!("../countries/de.txt")));
static SPANISH: LazyLock<Vec<Country>> = LazyLock::new(|| read(include_str!("../countries/es.txt")));
static FRENCH: LazyLock<Vec<Country>> = LazyLock::new(|| read(include_str!("../countries/fr.txt")));
static BENGALI: LazyLock<Vec<Country>> = LazyLock::new(|| read(include_str!("../countries/bn.txt")));
static ARABIC: LazyLock<Vec<Country>> = LazyLock::new(|| read(include_str!("../countries/ar.txt")));

fn read(list: &'static str) -> Vec<Country> {
    list.lines().filter_map(|line| line.split_once(' ')).collect()
}

/// Every country in the order of its name: for lists to choose from.
pub fn countries(locale: Locale) -> &'static [Country] {
    match locale {
        Locale::En => &ENGLISH,
        Locale::De => &GERMAN,
        Locale::Es => &SPANISH,
        Locale::Fr => &FRENCH,
        Locale::Bn => &BENGALI,
        Locale::Ar => &ARABIC,
    }
}

/// How a language calls a country; `None` when no country has this code.
pub fn country_name(locale: Locale, code: &str) -> Option<&'static str> {
    countries(locale).iter().find(|(known, _)| *known == code).map(|(_, name)| *name)
}

/// Whether a country has this code. Codes are two capital letters.
pub fn is_country(code: &str) -> bool {
    country_name(Locale::En, code).is_some()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_language_names_every_country_once() {
        let codes: BTreeSet<&str> = countries(Locale::En).iter().map(|(code, _)| *code).collect();
        assert_eq!(codes.len(), 250);
        for locale in Locale::ALL {
            let list = countries(locale);
            let named: BTreeSet<&str> = list.iter().map(|(code, _)| *code).collect();
            assert_eq!((list.len(), &named), (250, &codes), "{}", locale.code());
            let names: BTreeSet<&str> = list.iter().map(|(_, name)| *name).collect();
            assert_eq!(names.len(), 250, "{} calls two by one name", locale.code());
            assert!(
                list.iter().all(|(code, name)| code.len() == 2 && !name.is_empty() && name.trim() == *name)
            );
        }
    }

    #[test]
    fn names_are_in_the_readers_language_and_order() {
        let named: Vec<_> = Locale::ALL.into_iter().map(|it| country_name(it, "DE").unwrap()).collect();
        assert_eq!(named, ["Germany", "Deutschland", "Alemania", "Allemagne", "জার্মানি", "ألمانيا"]);
        let second = |locale| countries(locale)[1].1;
        assert_eq!((second(Locale::De), second(Locale::Fr)), ("Ägypten", "Afrique du Sud"));
    }

    #[test]
    fn only_codes_in_use_are_countries() {
        assert!(is_country("DE") && is_country("AD") && is_country("ZW") && is_country("XK"));
        assert!(!is_country("de") && !is_country("UK") && !is_country(""));
    }
}
