//! Number formats: `INV-{YYYY}-{000000}` and the like.

use bursar_time::Date;

/// Why a format is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadFormat(String);

/// A checked number format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberFormat(String);

impl NumberFormat {
    /// Reads a format. Tokens: `{YYYY}`, `{YY}`, `{MM}` and exactly one run of zeros, `{000000}`, for the sequence.
    pub fn parse(text: &str) -> Result<Self, BadFormat> {
        let mut sequences = 0;
        let mut rest = text;
        while let Some(open) = rest.find(['{', '}']) {
            let close = rest[open..].find('}').filter(|n| *n > 0);
            let Some(close) = close else {
                return Err(BadFormat(format!("the number format {text:?} has a brace without its partner")));
            };
            let token = &rest[open + 1..open + close];
            match token {
                "YYYY" | "YY" | "MM" => {}
                zeros if !zeros.is_empty() && zeros.len() <= 18 && zeros.bytes().all(|b| b == b'0') => {
                    sequences += 1
                }
                other => {
                    return Err(BadFormat(format!(
                        "{{{other}}} is not known in a number format; use {{YYYY}}, {{YY}}, {{MM}} and {{000000}}"
                    )));
                }
            }
            rest = &rest[open + close + 1..];
        }
        if sequences != 1 {
            return Err(BadFormat(format!(
                "the number format {text:?} must contain the sequence exactly once, for example {{000000}}"
            )));
        }
        Ok(Self(text.to_owned()))
    }

    /// The number of a document.
    pub fn render(&self, sequence: i64, issued_on: Date) -> String {
        let mut out = String::with_capacity(self.0.len() + 8);
        let mut rest = self.0.as_str();
        while let Some(open) = rest.find('{') {
            out.push_str(&rest[..open]);
            let close = rest[open..].find('}').expect("checked by parse") + open;
            match &rest[open + 1..close] {
                "YYYY" => out.push_str(&format!("{:04}", issued_on.year())),
                "YY" => out.push_str(&format!("{:02}", issued_on.year().rem_euclid(100))),
                "MM" => out.push_str(&format!("{:02}", issued_on.month())),
                zeros => out.push_str(&format!("{sequence:0width$}", width = zeros.len())),
            }
            rest = &rest[close + 1..];
        }
        out.push_str(rest);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_render_year_month_and_padded_sequence() {
        let on = Date::new(2026, 3, 9).unwrap();
        let number = |format: &str, n| NumberFormat::parse(format).unwrap().render(n, on);
        assert_eq!(number("INV-{YYYY}-{000000}", 42), "INV-2026-000042");
        assert_eq!(number("{YY}{MM}/{0000}", 12_345), "2603/12345");
        assert_eq!(number("{0}", 7), "7");
    }

    #[test]
    fn a_format_without_exactly_one_sequence_is_refused() {
        for bad in ["INV-{YYYY}", "{000}-{000}", "INV-{DD}-{000}", "INV-{000", "INV-000}", "{}{0}"] {
            assert!(NumberFormat::parse(bad).is_err(), "{bad}");
        }
    }
}
