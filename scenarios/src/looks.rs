//! How somebody looks at a page: on which screen, light or dark, in which language.

/// A screen, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// In the names of screenshots.
    pub name: &'static str,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// A laptop.
pub const DESKTOP: Size = Size { name: "desktop", width: 1280, height: 900 };
/// A phone.
pub const PHONE: Size = Size { name: "phone", width: 390, height: 844 };

/// What the system prefers; pages follow it unless told otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Dark text on light ground.
    Light,
    /// The other way round.
    Dark,
}

impl Scheme {
    /// As CSS calls it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// All of it together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looks {
    /// The screen.
    pub size: Size,
    /// Light or dark.
    pub scheme: Scheme,
    /// The language asked for.
    pub locale: &'static str,
}

impl Looks {
    /// Every screen and scheme in one language.
    pub fn all(locale: &'static str) -> [Self; 4] {
        let looks = |size, scheme| Self { size, scheme, locale };
        [
            looks(DESKTOP, Scheme::Light),
            looks(DESKTOP, Scheme::Dark),
            looks(PHONE, Scheme::Light),
            looks(PHONE, Scheme::Dark),
        ]
    }
}

impl std::fmt::Display for Looks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}-{}", self.size.name, self.scheme.code(), self.locale)
    }
}
