use bursar_time::Cycle;

/// A billing cycle as WHMCS names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LegacyCycle {
    /// Never billed.
    #[default]
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

    /// In the order of the usual names.
    const ALL: [Self; 8] = [
        Self::Free,
        Self::Paid(Cycle::OneTime),
        Self::Paid(Cycle::Monthly),
        Self::Paid(Cycle::Quarterly),
        Self::Paid(Cycle::SemiAnnual),
        Self::Paid(Cycle::Annual),
        Self::Paid(Cycle::Biennial),
        Self::Paid(Cycle::Triennial),
    ];

    /// A small number for it.
    pub(crate) fn number(self) -> u8 {
        let at = Self::ALL.iter().position(|cycle| *cycle == self).expect("WHMCS has only these cycles");
        u8::try_from(at).expect("there are eight")
    }

    /// The cycle of a number that [`number`](Self::number) gave.
    pub(crate) fn of_number(number: u8) -> Self {
        Self::ALL.get(usize::from(number)).copied().unwrap_or_default()
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
