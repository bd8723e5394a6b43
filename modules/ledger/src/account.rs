//! The chart of accounts: a fixed set of roles, some per gateway or tax.

use std::fmt;

/// What an account is for. With a currency it names one row of the chart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Account {
    /// What customers owe on issued invoices.
    Receivable,
    /// Earned, net of discounts and tax.
    Revenue,
    /// Invoiced for periods that have not come yet.
    DeferredRevenue,
    /// Owed to the state, per tax rule.
    TaxPayable(String),
    /// Money at a gateway, a bank or in the drawer.
    Cash(String),
    /// What a gateway kept.
    Fees(String),
    /// Payments that arrived and are not yet on an invoice or on credit.
    UnappliedPayments,
    /// What customers have put aside with us.
    CustomerCredit,
    /// Given back beyond what a credit note took off revenue.
    Refunds,
    /// Written off.
    BadDebt,
    /// Differences below one minor unit that some law wants rounded away.
    Rounding,
    /// Gains and losses of exchange.
    Fx,
    /// What an import found and cannot explain by documents.
    OpeningBalance,
}

/// The kind of an account, which says on which side its balance normally stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountKind {
    /// We have it; normally debit.
    Asset,
    /// We owe it; normally credit.
    Liability,
    /// We earned it; normally credit.
    Income,
    /// It cost us; normally debit.
    Expense,
    /// The owner's.
    Equity,
}

impl Account {
    /// The stored code: `receivable`, `cash:sandbox`.
    pub fn code(&self) -> String {
        match self {
            Self::Receivable => "receivable".to_owned(),
            Self::Revenue => "revenue".to_owned(),
            Self::DeferredRevenue => "deferred_revenue".to_owned(),
            Self::TaxPayable(rule) => format!("tax_payable:{rule}"),
            Self::Cash(place) => format!("cash:{place}"),
            Self::Fees(place) => format!("fees:{place}"),
            Self::UnappliedPayments => "unapplied_payments".to_owned(),
            Self::CustomerCredit => "customer_credit".to_owned(),
            Self::Refunds => "refunds".to_owned(),
            Self::BadDebt => "bad_debt".to_owned(),
            Self::Rounding => "rounding".to_owned(),
            Self::Fx => "fx".to_owned(),
            Self::OpeningBalance => "opening_balance".to_owned(),
        }
    }

    /// Reads a stored code.
    pub fn parse(code: &str) -> Option<Self> {
        Some(match code.split_once(':') {
            Some(("tax_payable", rule)) => Self::TaxPayable(rule.to_owned()),
            Some(("cash", place)) => Self::Cash(place.to_owned()),
            Some(("fees", place)) => Self::Fees(place.to_owned()),
            Some(_) => return None,
            None => match code {
                "receivable" => Self::Receivable,
                "revenue" => Self::Revenue,
                "deferred_revenue" => Self::DeferredRevenue,
                "unapplied_payments" => Self::UnappliedPayments,
                "customer_credit" => Self::CustomerCredit,
                "refunds" => Self::Refunds,
                "bad_debt" => Self::BadDebt,
                "rounding" => Self::Rounding,
                "fx" => Self::Fx,
                "opening_balance" => Self::OpeningBalance,
                _ => return None,
            },
        })
    }

    /// What people call it.
    pub fn words(&self) -> String {
        let of = |what: &str, which: &str| format!("{what} ({})", which.replace('_', " "));
        match self {
            Self::Receivable => "Owed by customers".to_owned(),
            Self::Revenue => "Revenue".to_owned(),
            Self::DeferredRevenue => "Deferred revenue".to_owned(),
            Self::TaxPayable(rule) if rule.parse::<i64>().is_ok() => format!("Tax payable (rule {rule})"),
            Self::TaxPayable(other) => of("Tax payable", other),
            Self::Cash(place) => of("Cash", place),
            Self::Fees(place) => of("Fees", place),
            Self::UnappliedPayments => "Unapplied payments".to_owned(),
            Self::CustomerCredit => "Customer credit".to_owned(),
            Self::Refunds => "Refunds".to_owned(),
            Self::BadDebt => "Bad debt".to_owned(),
            Self::Rounding => "Rounding".to_owned(),
            Self::Fx => "Exchange differences".to_owned(),
            Self::OpeningBalance => "Opening balance".to_owned(),
        }
    }

    /// Which side it stands on.
    pub fn kind(&self) -> AccountKind {
        match self {
            Self::Receivable | Self::Cash(_) => AccountKind::Asset,
            Self::DeferredRevenue | Self::TaxPayable(_) | Self::UnappliedPayments | Self::CustomerCredit => {
                AccountKind::Liability
            }
            Self::Revenue | Self::Fx => AccountKind::Income,
            Self::Fees(_) | Self::Refunds | Self::BadDebt | Self::Rounding => AccountKind::Expense,
            Self::OpeningBalance => AccountKind::Equity,
        }
    }
}

impl AccountKind {
    /// The stored word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Asset => "asset",
            Self::Liability => "liability",
            Self::Income => "income",
            Self::Expense => "expense",
            Self::Equity => "equity",
        }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back() {
        for account in [
            Account::Receivable,
            Account::Revenue,
            Account::DeferredRevenue,
            Account::TaxPayable("7".to_owned()),
            Account::Cash("bank:transfer".to_owned()),
            Account::Fees("sandbox".to_owned()),
            Account::UnappliedPayments,
            Account::CustomerCredit,
            Account::Refunds,
            Account::BadDebt,
            Account::Rounding,
            Account::Fx,
            Account::OpeningBalance,
        ] {
            assert_eq!(Account::parse(&account.code()), Some(account));
        }
        assert_eq!(Account::parse("petty_cash"), None);
        assert_eq!(Account::parse("petty:cash"), None);
    }

    #[test]
    fn people_read_words_and_not_codes() {
        let said = |code: &str| Account::parse(code).expect("a code of the chart").words();
        assert_eq!(said("deferred_revenue"), "Deferred revenue");
        assert_eq!(said("cash:bank_transfer"), "Cash (bank transfer)");
        assert_eq!(said("fees:stripe"), "Fees (stripe)");
        assert_eq!(said("tax_payable:7"), "Tax payable (rule 7)");
        assert_eq!(said("tax_payable:imported level 1"), "Tax payable (imported level 1)");
        assert_eq!(said("fx"), "Exchange differences");
    }
}
