//! The small records the pass keeps of rows that are needed again after it.

use std::collections::BTreeMap;

use crate::whmcs::amount::Hundredths;

#[derive(Debug, Clone, Copy)]
pub(super) struct Client {
    pub(super) currency: i64,
    pub(super) credit: Hundredths,
}

#[derive(Debug, Clone)]
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
}

/// What the items of an invoice say about it.
#[derive(Debug, Clone, Default)]
pub(super) struct Lines {
    pub(super) count: u64,
    pub(super) sum: Hundredths,
    pub(super) taxed: Hundredths,
    pub(super) mass_pay_count: u64,
    pub(super) has_add_funds: bool,
}

/// What the transactions of an invoice say about it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Payments {
    pub(super) count: u64,
    pub(super) received: Hundredths,
    pub(super) refunded: Hundredths,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Service,
    Addon,
    Domain,
}

/// Something billed again and again.
#[derive(Debug, Clone)]
pub(super) struct Recurring {
    pub(super) kind: Kind,
    pub(super) client: i64,
    /// The service whose client counts when `client` is 0, as on old add-ons.
    pub(super) service: i64,
    pub(super) cycle: u32,
    pub(super) months: u32,
    pub(super) amount: Hundredths,
    pub(super) due_month: u32,
}

/// Names that repeat, kept once.
#[derive(Debug, Default)]
pub(super) struct Names {
    numbers: BTreeMap<String, u32>,
    names: Vec<String>,
}

impl Names {
    pub(super) fn number(&mut self, name: String) -> u32 {
        if let Some(&number) = self.numbers.get(&name) {
            return number;
        }
        let number =
            u32::try_from(self.names.len()).expect("fewer than four thousand million different names");
        self.names.push(name.clone());
        self.numbers.insert(name, number);
        number
    }

    pub(super) fn name(&self, number: u32) -> &str {
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
