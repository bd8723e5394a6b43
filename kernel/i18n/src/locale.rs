//! The languages we write.

/// A language with its habits of writing numbers and dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// German.
    De,
    /// Spanish.
    Es,
    /// French.
    Fr,
    /// Bengali.
    Bn,
    /// Arabic.
    Ar,
}

/// Which way a page runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
}

impl Direction {
    /// The value of HTML's `dir` attribute.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }
}

impl Locale {
    /// Every locale.
    pub const ALL: [Self; 6] = [Self::En, Self::De, Self::Es, Self::Fr, Self::Bn, Self::Ar];

    /// The language code, as in HTML's `lang` and in customers' settings.
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Es => "es",
            Self::Fr => "fr",
            Self::Bn => "bn",
            Self::Ar => "ar",
        }
    }

    /// The language's name in itself, for choosing it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "Deutsch",
            Self::Es => "Español",
            Self::Fr => "Français",
            Self::Bn => "বাংলা",
            Self::Ar => "العربية",
        }
    }

    /// The locale of a tag such as `de`, `de-AT` or `pt_BR`; `None` when we do not write that language.
    pub fn parse(tag: &str) -> Option<Self> {
        let language = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|locale| locale.code().eq_ignore_ascii_case(language))
    }

    /// The best locale for a browser's `Accept-Language`; `None` when it asks for none that we write. The order in the
    /// header decides, then the weight: browsers send both in the same order.
    pub fn negotiate(accept_language: &str) -> Option<Self> {
        let mut best: Option<(u32, Self)> = None;
        for entry in accept_language.split(',').take(32) {
            let mut parts = entry.split(';');
            let Some(locale) = Self::parse(parts.next().unwrap_or_default().trim()) else { continue };
            let weight =
                parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(1000, weight_in_thousandths);
            if weight > 0 && best.is_none_or(|(found, _)| weight > found) {
                best = Some((weight, locale));
            }
        }
        best.map(|(_, locale)| locale)
    }

    /// Which way the script runs.
    pub const fn direction(self) -> Direction {
        match self {
            Self::Ar => Direction::Rtl,
            Self::En | Self::De | Self::Es | Self::Fr | Self::Bn => Direction::Ltr,
        }
    }

    /// What stands between groups of three digits.
    pub(crate) const fn group_separator(self) -> char {
        match self {
            Self::En | Self::Bn | Self::Ar => ',',
            Self::De | Self::Es => '.',
            // A narrow space that does not break, as French typography asks.
            Self::Fr => '\u{202f}',
        }
    }

    /// What stands before the decimals.
    pub(crate) const fn decimal_separator(self) -> char {
        match self {
            Self::En | Self::Bn | Self::Ar => '.',
            Self::De | Self::Es | Self::Fr => ',',
        }
    }

    /// Whether the currency comes before the amount.
    pub(crate) const fn puts_currency_first(self) -> bool {
        match self {
            Self::En => true,
            Self::De | Self::Es | Self::Fr | Self::Bn | Self::Ar => false,
        }
    }
}

/// `0.8` as 800; nonsense counts as not wanted.
fn weight_in_thousandths(text: &str) -> u32 {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    if !part.bytes().all(|byte| byte.is_ascii_digit()) || part.len() > 3 {
        return 0;
    }
    let thousandths = format!("{part:0<3}");
    match (whole.parse::<u32>(), thousandths.parse::<u32>()) {
        (Ok(whole), Ok(part)) if whole <= 1 => (whole * 1000 + part).min(1000),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_does_not_hide_the_language() {
        assert_eq!(Locale::parse("de-AT"), Some(Locale::De));
        assert_eq!(Locale::parse("FR_ca"), Some(Locale::Fr));
        assert_eq!(Locale::parse("xx"), None);
    }

    #[test]
    fn the_heaviest_language_we_write_wins() {
        assert_eq!(Locale::negotiate("pt-BR, es;q=0.7, de;q=0.9, *;q=0.1"), Some(Locale::De));
        assert_eq!(Locale::negotiate("ar-EG,ar;q=0.9,en;q=0.8"), Some(Locale::Ar));
        assert_eq!(Locale::negotiate("de;q=0, en;q=0.2"), Some(Locale::En));
        assert_eq!(Locale::negotiate("nonsense;;;q=9,,"), None);
    }

    #[test]
    fn only_arabic_runs_from_right_to_left() {
        let rtl: Vec<_> = Locale::ALL.into_iter().filter(|l| l.direction() == Direction::Rtl).collect();
        assert_eq!(rtl, [Locale::Ar]);
    }
}
