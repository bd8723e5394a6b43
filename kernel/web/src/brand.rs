//! A tenant's look: a name, two colours, a logo.

use std::fmt;
use std::sync::{LazyLock, PoisonError, RwLock};

use serde::Serialize;

/// A colour as `#rrggbb`. Nothing else is accepted, because it is written into a style sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

const BLACK: Colour = Colour::rgb(0, 0, 0);
const WHITE: Colour = Colour::rgb(0xff, 0xff, 0xff);
/// Softer than black, and hard to tell from it.
const DARK_TEXT: Colour = Colour::rgb(0x11, 0x18, 0x27);
/// The ground of the light pages where it is darkest behind text in the brand's colour: a chosen entry's wash.
pub(crate) const LIGHT_GROUND: Colour = Colour::rgb(0xe9, 0xee, 0xf8);
/// The ground of the dark pages where it is lightest behind such text.
pub(crate) const DARK_GROUND: Colour = Colour::rgb(0x2a, 0x32, 0x3e);
/// What WCAG 2.1 asks of text at level AA, and a little for washes that carry the colour themselves.
const TEXT_CONTRAST: f64 = 4.8;

impl Colour {
    /// The colour of these components.
    pub const fn rgb(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// Reads `#1f6feb`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let part = |from: usize| u8::from_str_radix(&digits[from..from + 2], 16).ok();
        Some(Self { red: part(0)?, green: part(2)?, blue: part(4)? })
    }

    /// White where that reads well on this colour, otherwise dark. On some middle greys only black does.
    pub fn text_on_it(self) -> Self {
        let reads_well = |text: &Self| text.contrast(self) >= 4.5;
        [WHITE, DARK_TEXT].into_iter().find(reads_well).unwrap_or(BLACK)
    }

    /// This colour, as much darker or lighter as it must be to read well as text on `ground`. A yellow becomes an ochre
    /// on white and stays what it is on black.
    pub fn as_text_on(self, ground: Self) -> Self {
        let towards = if ground.luminance() > 0.18 { BLACK } else { WHITE };
        let mixed = (0..=20).map(|step| self.mixed(towards, step * 5));
        // The end of the way is black on light or white on dark, which always reads well.
        mixed.into_iter().find(|colour| colour.contrast(ground) >= TEXT_CONTRAST).unwrap_or(towards)
    }

    fn mixed(self, other: Self, percent: u32) -> Self {
        let part = |own: u8, other: u8| {
            let sum = u32::from(own) * (100 - percent) + u32::from(other) * percent;
            u8::try_from(sum / 100).expect("between two bytes lies a byte")
        };
        Self {
            red: part(self.red, other.red),
            green: part(self.green, other.green),
            blue: part(self.blue, other.blue),
        }
    }

    /// The contrast of WCAG 2.1, from 1 to 21.
    fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance() + 0.05, other.luminance() + 0.05);
        one.max(two) / one.min(two)
    }

    /// Relative luminance as WCAG 2.1 defines it.
    fn luminance(self) -> f64 {
        // Every page asks for a dozen of them.
        static LINEAR: LazyLock<[f64; 256]> = LazyLock::new(|| {
            std::array::from_fn(|part| {
                let part = f64::from(u8::try_from(part).expect("an array of bytes' size")) / 255.0;
                if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
            })
        });
        let linear = |part: u8| LINEAR[usize::from(part)];
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

impl Serialize for Colour {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What a tenant's pages look like.
#[derive(Debug, Clone)]
pub struct Brand {
    /// The company's name.
    pub name: String,
    /// Buttons, links, marks.
    pub primary: Colour,
    /// The second colour, for highlights.
    pub accent: Colour,
    /// Address of the logo on this host; without one the name is shown.
    pub logo: Option<crate::LocalPath>,
}

impl Default for Brand {
    fn default() -> Self {
        Self {
            name: "Bursar".to_owned(),
            primary: Colour::rgb(0x1d, 0x4e, 0xd8),
            accent: Colour::rgb(0x0f, 0x76, 0x6e),
            logo: None,
        }
    }
}

/// The look in force, which may become another while the program runs.
#[derive(Debug, Default)]
pub struct BrandBook(RwLock<Brand>);

impl BrandBook {
    /// This look, until it is changed.
    pub const fn new(brand: Brand) -> Self {
        Self(RwLock::new(brand))
    }

    /// The look of now.
    pub fn current(&self) -> Brand {
        // A brand is replaced whole, so a thread that died while it held the lock left nothing half-done.
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Pages look like this from now on.
    pub fn change(&self, brand: Brand) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = brand;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_colour_gets_into_the_style_sheet() {
        assert_eq!(Colour::parse("#1F6feb").unwrap().to_string(), "#1f6feb");
        for text in ["", "#fff", "red", "#12345g", "#123456;}", "#+12345", "#12345é"] {
            assert_eq!(Colour::parse(text), None, "{text}");
        }
    }

    #[test]
    fn text_on_the_brand_colour_stays_readable() {
        assert_eq!(Colour::rgb(0x1d, 0x4e, 0xd8).text_on_it().to_string(), "#ffffff");
        assert_eq!(Colour::rgb(0xfa, 0xcc, 0x15).text_on_it().to_string(), "#111827");
    }

    #[test]
    fn whatever_the_brand_its_text_reads_well_on_both_grounds_and_on_itself() {
        let steps = || (0..=255_u8).step_by(15);
        for (red, green, blue) in
            steps().flat_map(|r| steps().flat_map(move |g| steps().map(move |b| (r, g, b))))
        {
            let brand = Colour::rgb(red, green, blue);
            for ground in [WHITE, LIGHT_GROUND, DARK_GROUND] {
                assert!(brand.as_text_on(ground).contrast(ground) >= 4.5, "{brand} on {ground}");
            }
            assert!(brand.text_on_it().contrast(brand) >= 4.5, "{brand}");
        }
        // The contrast of #767676 on white is the textbook's example of just enough.
        let grey = Colour::rgb(0x76, 0x76, 0x76).contrast(WHITE);
        assert!((4.54..4.55).contains(&grey), "{grey}");
        let blue = Colour::rgb(0x1d, 0x4e, 0xd8);
        assert_eq!(blue.as_text_on(WHITE), blue, "what reads well already stays as it is");
    }
}
