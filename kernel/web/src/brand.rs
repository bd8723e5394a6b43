//! A tenant's look: a name, two colours, a logo.

use std::fmt;

use serde::Serialize;

/// A colour as `#rrggbb`. Nothing else is accepted, because it is written into a style sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

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

    /// Black or white, whichever reads better on this colour: perceived brightness by the weights of ITU-R BT.601,
    /// with the threshold where white text stops reaching the contrast of 4.5 to 1 on greys.
    pub fn text_on_it(self) -> Self {
        let brightness = u32::from(self.red) * 299 + u32::from(self.green) * 587 + u32::from(self.blue) * 114;
        if brightness > 128_000 { Self::rgb(0x11, 0x18, 0x27) } else { Self::rgb(0xff, 0xff, 0xff) }
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
}
