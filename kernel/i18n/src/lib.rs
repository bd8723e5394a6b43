//! Texts, numbers, dates and money as people of a language write them.
//!
//! Owns the list of locales, the names of countries, their separators and the [`Catalogue`] of texts that modules bring as Fluent files.
//! A text that a language lacks is read in English; one that English lacks is a mistake that a test finds. Everything
//! is done on integers and text: no amount ever becomes a floating-point number. Digits stay Western in every locale,
//! because invoices are read by banks and tax offices too. Knows nothing of pages or modules.

mod catalogue;
mod countries;
mod format;
mod locale;
mod translator;

pub use catalogue::{Catalogue, TextError, Texts};
pub use countries::{Country, countries, country_name, is_country};
pub use format::{MoneyStyle, format_date, format_minor, format_money, format_number, format_time};
pub use locale::{Direction, Locale};
pub use translator::{Translator, amount, day};

/// The texts of a module, from a folder with one Fluent file for each locale: `texts!("../locales")`. The path is
/// relative to the file that says it.
#[macro_export]
macro_rules! texts {
    ($folder:literal) => {
        [
            ($crate::Locale::En, include_str!(concat!($folder, "/en.ftl"))),
            ($crate::Locale::De, include_str!(concat!($folder, "/de.ftl"))),
            ($crate::Locale::Es, include_str!(concat!($folder, "/es.ftl"))),
            ($crate::Locale::Fr, include_str!(concat!($folder, "/fr.ftl"))),
            ($crate::Locale::Bn, include_str!(concat!($folder, "/bn.ftl"))),
            ($crate::Locale::Ar, include_str!(concat!($folder, "/ar.ftl"))),
        ]
    };
}
