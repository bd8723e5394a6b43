//! The small records the passes keep of rows that others name.

use std::collections::BTreeMap;

use crate::spill::record;
use crate::whmcs::amount::Hundredths;

record! {
    pub(super) struct Client {
        pub(super) currency: i64,
        pub(super) credit: Hundredths,
    }
}

record! {
    /// An invoice with what its items and transactions add up to.
    pub(super) struct Invoice {
        pub(super) client: i64,
        pub(super) status: u32,
        pub(super) is_numbered: bool,
        pub(super) subtotal: Hundredths,
        pub(super) credit: Hundredths,
        pub(super) tax: Hundredths,
        pub(super) tax2: Hundredths,
        pub(super) total: Hundredths,
        /// Thousandths of a percent.
        pub(super) rate: i128,
        pub(super) line_count: u64,
        pub(super) line_sum: Hundredths,
        pub(super) taxed: Hundredths,
        pub(super) mass_pay_count: u64,
        pub(super) has_add_funds: bool,
        pub(super) payment_count: u64,
        pub(super) received: Hundredths,
        pub(super) refunded: Hundredths,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Service,
    Addon,
    Domain,
}

/// Names that repeat, kept once.
#[derive(Debug, Default)]
pub(crate) struct Names {
    numbers: BTreeMap<String, u32>,
    names: Vec<String>,
}

impl Names {
    pub(crate) fn number(&mut self, name: &str) -> u32 {
        if let Some(&number) = self.numbers.get(name) {
            return number;
        }
        let number =
            u32::try_from(self.names.len()).expect("fewer than four thousand million different names");
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        number
    }

    pub(crate) fn name(&self, number: u32) -> &str {
        &self.names[number as usize]
    }
}

/// What an invoice item's `relid` points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    Service,
    Addon,
    Domain,
    Upgrade,
    BillableItem,
    Invoice,
}

impl Target {
    pub(super) fn of_item(item_type: &str) -> Option<Self> {
        Some(match item_type {
            "Hosting" | "Setup" | "PromoHosting" => Self::Service,
            "Addon" => Self::Addon,
            "DomainRegister"
            | "DomainTransfer"
            | "Domain"
            | "DomainAddonDNS"
            | "DomainAddonEMF"
            | "DomainAddonIDP"
            | "DomainGraceFee"
            | "DomainRedemptionFee"
            | "PromoDomain" => Self::Domain,
            "Upgrade" => Self::Upgrade,
            "Item" => Self::BillableItem,
            "Invoice" => Self::Invoice,
            _ => return None,
        })
    }
}
