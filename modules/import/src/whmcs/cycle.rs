use bursar_time::Cycle;

/// A billing cycle as WHMCS names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LegacyCycle {
    /// Never billed.
    Free,
    /// Billed once or every so many months.
    Paid(Cycle),
}

impl LegacyCycle {
    /// Names as WHMCS itself writes them; other spellings of the same cycles occur in old rows.
    const USUAL: [&'static str; 8] = [
        "Free Account",
        "One Time",
        "Monthly",
        "Quarterly",
        "Semi-Annually",
        "Annually",
        "Biennially",
        "Triennially",
    ];

    /// Reads a stored name without regard to case, hyphens and blanks. `None` for anything WHMCS has no cycle for.
    pub fn parse(stored: &str) -> Option<Self> {
        let name: String =
            stored.chars().filter(|c| !matches!(c, '-' | ' ')).map(|c| c.to_ascii_lowercase()).collect();
        Some(Self::Paid(match name.as_str() {
            "free" | "freeaccount" => return Some(Self::Free),
            "onetime" => Cycle::OneTime,
            "monthly" => Cycle::Monthly,
            "quarterly" => Cycle::Quarterly,
            "semiannually" => Cycle::SemiAnnual,
            "annually" => Cycle::Annual,
            "biennially" => Cycle::Biennial,
            "triennially" => Cycle::Triennial,
            _ => return None,
        }))
    }

    /// Whether WHMCS itself would have written the name so.
    pub fn is_usual_spelling(stored: &str) -> bool {
        Self::USUAL.contains(&stored)
    }

    /// Length of the cycle in months, when it recurs.
    pub fn months(self) -> Option<u32> {
        match self {
            Self::Free => None,
            Self::Paid(cycle) => cycle.months(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_names_are_understood_in_every_spelling() {
        for (stored, months) in [
            ("Monthly", Some(1)),
            ("Quarterly", Some(3)),
            ("Semi-Annually", Some(6)),
            ("Semi-annually", Some(6)),
            ("semiannually", Some(6)),
            ("Annually", Some(12)),
            ("Biennially", Some(24)),
            ("Triennially", Some(36)),
            ("One Time", None),
            ("onetime", None),
            ("Free Account", None),
        ] {
            assert_eq!(LegacyCycle::parse(stored).expect(stored).months(), months, "{stored}");
        }
        assert_eq!(LegacyCycle::parse(""), None);
        assert_eq!(LegacyCycle::parse("Fortnightly"), None);
    }
}
