//! Currencies, taxes and settings.

use bursar_money::{Currency, Ppm, Rate};

use super::{FieldProblem, Fields, whmcs_row};

whmcs_row! {
    /// A currency prices and clients have.
    CurrencyRow = "tblcurrencies" {
        /// Id.
        id: i64 = id("id"),
        /// ISO code.
        code: Currency = currency_code("code"),
        /// Units of this currency for one of the base currency.
        rate: Rate = rate("rate"),
        /// Whether it is the base currency.
        is_base: bool = flag("default"),
    }
}

whmcs_row! {
    /// A tax rule. Of each level the matching rule with the lowest id applies.
    TaxRow = "tbltax" check check_tax {
        /// Id.
        id: i64 = id("id"),
        /// 1 or 2.
        level: i64 = number("level"),
        /// Printed name.
        name: String = text("name"),
        /// `''` for any.
        state: String = text("state"),
        /// Two letters, `''` for any.
        country: String = word("country"),
        /// Rate.
        rate: Ppm = percent("taxrate"),
    }
}

whmcs_row! {
    /// A setting of the installation.
    SettingRow = "tblconfiguration" {
        /// Id.
        id: i64 = id("id"),
        /// Name, unique.
        name: String = raw_text("setting"),
        /// Value; `on` or `1` for yes.
        value: String = text("value"),
    }
}

fn check_tax(row: &TaxRow, fields: &mut Fields<'_>) {
    if !matches!(row.level, 1 | 2) {
        let problem =
            FieldProblem::OutOfRange { found: row.level.to_string(), allowed: "a tax level, 1 or 2" };
        fields.refuse("level", problem);
    }
}
