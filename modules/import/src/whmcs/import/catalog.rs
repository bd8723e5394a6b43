//! What is small and comes first, in one transaction: rates, tax, settings, groups, products, prices, coupons.

use std::collections::{BTreeMap, BTreeSet};

use bursar_billing::sellers::{self, Seller};
use bursar_billing::settings::{BillingSettings, KEY as BILLING_KEY};
use bursar_billing::taxes::store::{SETTINGS_KEY as TAX_KEY, insert as insert_tax};
use bursar_billing::taxes::{TaxRule, TaxSettings};
use bursar_catalog::{
    AddonDetails, BillingMode, CatalogError, CouponDetails, CouponKind, GroupDetails, NewPrice,
    OptionDetails, OptionKind as BursarOption, OwnerKind, Pay, ProductDetails, ProductKind, ProductStatus,
    StockReturn, add_addon, add_coupon, add_group, add_option, add_option_group, add_product, add_value,
    import_coupon_uses, link_addon, link_option_group, set_price,
};
use bursar_context::settings;
use bursar_customers::GroupDetails as ClientGroupDetails;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_money::{Currency, Money, Rounding};
use bursar_time::Cycle;

use super::figures::{hundredths, minor};
use super::notes::RowNote;
use super::plan::Small;
use crate::whmcs::LegacyCycle;
use crate::whmcs::amount::Hundredths;
use crate::whmcs::rows::{
    AddonRow, OptionKind, PayKind, PriceKind, PriceRow, ProductRow, PromotionKind, PromotionRow,
};

/// What was not taken over as it is.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) notes: Vec<RowNote>,
    /// Ids of coupons that are not there.
    pub(super) left_out_coupons: BTreeSet<i64>,
    pub(super) written: BTreeMap<&'static str, u64>,
}

impl Outcome {
    /// Whether a row was taken; refusals of the catalogue become notes.
    fn keep<T>(
        &mut self,
        (table, id, name): (&str, i64, &'static str),
        result: Result<T, CatalogError>,
    ) -> Result<bool, Fault> {
        match result {
            Ok(_) => {
                *self.written.entry(name).or_default() += 1;
                Ok(true)
            }
            Err(CatalogError::Fault(fault)) => Err(fault),
            Err(CatalogError::Invalid(fields)) => {
                for wrong in fields {
                    let field = wrong.field.to_string();
                    self.notes.push(RowNote::new(table, id, &field, wrong.message.to_string(), "left out"));
                }
                Ok(false)
            }
            Err(refusal) => {
                self.notes.push(RowNote::new(table, id, "", refusal.to_string(), "left out"));
                Ok(false)
            }
        }
    }
}

/// Whether a setting is on, in either of WHMCS's spellings.
pub(super) fn is_on(small: &Small, name: &str) -> bool {
    small
        .settings
        .get(name)
        .is_some_and(|value| matches!(value.to_ascii_lowercase().as_str(), "on" | "1" | "yes" | "true"))
}

/// Days before a period starts on which its invoice is made.
pub(super) fn lead_days(small: &Small) -> i64 {
    small
        .settings
        .get("CreateInvoiceDaysBefore")
        .and_then(|days| days.parse().ok())
        .unwrap_or(0)
        .clamp(0, 365)
}

/// Writes it all.
pub(super) async fn write(tx: &mut Tx, small: &Small) -> Result<Outcome, Fault> {
    let mut outcome = Outcome::default();
    write_settings(tx, small).await?;
    let base = base(small);
    for row in &small.currencies {
        if let Some(base) = base.filter(|base| *base != row.code) {
            let today = tx.today();
            bursar_ledger::set_rate(tx, base, row.code, today, row.rate).await?;
        }
    }
    for row in &small.taxes {
        let rule = TaxRule {
            id: row.id,
            level: row.level,
            name: row.name.clone(),
            country: row.country.to_uppercase(),
            state: row.state.clone(),
            rate: row.rate,
        };
        insert_tax(tx, &rule).await?;
        *outcome.written.entry("tax_rules").or_default() += 1;
    }
    let mut names = BTreeSet::new();
    for row in &small.client_groups {
        let is_free = names.insert(row.name.clone());
        let details = ClientGroupDetails {
            name: if is_free { row.name.clone() } else { format!("{} ({})", row.name, row.id) },
            colour: row.colour.clone(),
            discount_ppm: row.discount.get(),
            separate_invoices: row.has_separate_invoices,
            dunning_exempt: row.is_dunning_exempt,
        };
        bursar_customers::import_group(tx, row.id, &details).await?;
        *outcome.written.entry("client_groups").or_default() += 1;
    }
    write_products(tx, small, &mut outcome).await?;
    write_options(tx, small, &mut outcome).await?;
    write_prices(tx, small, &mut outcome).await?;
    write_coupons(tx, small, &mut outcome).await?;
    Ok(outcome)
}

pub(super) fn base(small: &Small) -> Option<Currency> {
    small.currencies.iter().find(|row| row.is_base).map(|row| row.code)
}

async fn write_settings(tx: &mut Tx, small: &Small) -> Result<(), Fault> {
    let text = |name: &str| small.settings.get(name).cloned().unwrap_or_default();
    let country = text("DefaultCountry").to_uppercase();
    let tax = TaxSettings {
        enabled: is_on(small, "TaxEnabled"),
        inclusive: text("TaxType").eq_ignore_ascii_case("inclusive"),
        compound: is_on(small, "TaxL2Compound"),
        home_country: country.clone(),
        ..settings::get(tx, TAX_KEY).await?
    };
    settings::set(tx, TAX_KEY, &tax).await?;
    let invoices = BillingSettings { lead_days: lead_days(small), ..BillingSettings::load(tx).await? };
    settings::set(tx, BILLING_KEY, &invoices).await?;
    if sellers::current(tx).await?.is_none() && !text("CompanyName").is_empty() {
        let seller = Seller {
            name: text("CompanyName"),
            address: text("InvoicePayTo").lines().map(str::to_owned).collect(),
            country,
            tax_id: text("TaxCode"),
            email: text("Email"),
            website: text("Domain"),
            ..Seller::default()
        };
        sellers::set(tx, &seller).await?;
    }
    Ok(())
}

async fn write_products(tx: &mut Tx, small: &Small, outcome: &mut Outcome) -> Result<(), Fault> {
    let mut groups = BTreeSet::new();
    for row in &small.product_groups {
        let details = GroupDetails {
            name: row.name.clone(),
            slug: String::new(),
            headline: row.headline.clone(),
            hidden: row.is_hidden,
            position: row.position,
        };
        let added = add_group(tx, Some(row.id), &details).await;
        if outcome.keep(("tblproductgroups", row.id, "product_groups"), added)? {
            groups.insert(row.id);
        }
    }
    let mut products = BTreeSet::new();
    for row in &small.products {
        let Some(group) = row.group_id.filter(|id| groups.contains(id)) else {
            let what = "its group is not there";
            outcome.notes.push(RowNote::new("tblproducts", row.id, "gid", what, "left out"));
            continue;
        };
        let added = add_product(tx, Some(row.id), &product(row, group)).await;
        if outcome.keep(("tblproducts", row.id, "products"), added)? {
            products.insert(row.id);
        }
    }
    for row in &small.addons {
        let added = add_addon(tx, Some(row.id), &addon(row)).await;
        if outcome.keep(("tbladdons", row.id, "addons"), added)? {
            let listed: BTreeSet<i64> = ids(&row.products).collect();
            for product in listed.intersection(&products) {
                link_addon(tx, Id::new(*product), row.id).await?;
            }
        }
    }
    Ok(())
}

fn ids(list: &str) -> impl Iterator<Item = i64> + '_ {
    list.split(',').filter_map(|id| id.trim().parse().ok())
}

fn pay(kind: PayKind) -> Pay {
    match kind {
        PayKind::Free => Pay::Free,
        PayKind::OneTime => Pay::OneTime,
        PayKind::Recurring => Pay::Recurring,
    }
}

fn addon_pay(cycle: &str) -> Pay {
    match LegacyCycle::parse(cycle) {
        Some(LegacyCycle::Free) => Pay::Free,
        Some(LegacyCycle::Paid(Cycle::OneTime)) => Pay::OneTime,
        Some(LegacyCycle::Paid(_)) | None => Pay::Recurring,
    }
}

fn product(row: &ProductRow, group_id: i64) -> ProductDetails {
    ProductDetails {
        kind: match row.kind.as_str() {
            "hostingaccount" | "reselleraccount" => ProductKind::WebHosting,
            "server" => ProductKind::Dedicated,
            _ => ProductKind::Other,
        },
        description_md: plain(&row.description),
        status: match (row.is_retired, row.is_hidden) {
            (true, _) => ProductStatus::Archived,
            (false, true) => ProductStatus::Hidden,
            (false, false) => ProductStatus::Active,
        },
        featured: row.is_featured,
        position: row.position,
        pay: pay(row.pay),
        taxable: row.is_taxed,
        stock_control: row.has_stock_control,
        stock_qty: row.stock.max(0),
        // WHMCS counts a piece in again when an order is cancelled, not when a service ends.
        stock_return: StockReturn::Unstarted,
        allow_quantity: row.allow_quantity > 0,
        prorate_to_day: u8::try_from(row.prorate_day)
            .ok()
            .filter(|day| row.is_prorated && (1..=31).contains(day)),
        recurring_limit: row.cycle_limit.min(1000),
        billing_mode: BillingMode::Prepaid,
        ..ProductDetails::named(group_id, &row.name)
    }
}

fn addon(row: &AddonRow) -> AddonDetails {
    AddonDetails {
        name: row.name.clone(),
        description_md: plain(&row.description),
        pay: addon_pay(&row.billing_cycle),
        taxable: row.is_taxed,
        allow_quantity: row.allows_quantity,
        hidden: row.is_hidden || row.is_retired,
        position: row.position,
    }
}

/// HTML as text: breaks become line ends, other tags go.
fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        text.push_str(&rest[..open]);
        let Some(close) = rest[open..].find('>') else { break };
        let tag = rest[open + 1..open + close].trim_start_matches('/').to_ascii_lowercase();
        if tag.starts_with("br") || tag.starts_with("li") || tag == "p" || tag.starts_with("div") {
            text.push('\n');
        }
        rest = &rest[open + close + 1..];
    }
    text.push_str(rest);
    bursar_sqldump::unescape_html_once(text.trim()).into_owned()
}

async fn write_options(tx: &mut Tx, small: &Small, outcome: &mut Outcome) -> Result<(), Fault> {
    let mut groups = BTreeSet::new();
    for row in &small.option_groups {
        let added = add_option_group(tx, Some(row.id), &row.name).await;
        if outcome.keep(("tblproductconfiggroups", row.id, "option_groups"), added)? {
            groups.insert(row.id);
        }
    }
    for row in &small.option_links {
        let (Some(group), Some(product)) = (row.group_id, row.product_id) else { continue };
        let has_product = small.products.iter().any(|p| p.id == product)
            && bursar_catalog::find_product(tx, Id::new(product)).await?.is_some();
        if groups.contains(&group) && has_product {
            link_option_group(tx, Id::new(product), group).await?;
        }
    }
    let mut options = BTreeSet::new();
    for row in &small.options {
        let Some(group_id) = row.group_id.filter(|id| groups.contains(id)) else {
            let what = "its group is not there";
            outcome.notes.push(RowNote::new("tblproductconfigoptions", row.id, "gid", what, "left out"));
            continue;
        };
        let details = OptionDetails {
            group_id,
            name: shown(&row.name),
            kind: match row.kind {
                OptionKind::Dropdown => BursarOption::Choice,
                OptionKind::Radio => BursarOption::Radio,
                OptionKind::YesNo => BursarOption::YesNo,
                OptionKind::Quantity => BursarOption::Quantity,
            },
            min_qty: row.min_quantity,
            max_qty: if row.max_quantity == 0 { 1_000 } else { row.max_quantity.max(row.min_quantity) },
            position: row.position,
            hidden: row.is_hidden,
        };
        let added = add_option(tx, Some(row.id), &details).await;
        if outcome.keep(("tblproductconfigoptions", row.id, "options"), added)? {
            options.insert(row.id);
        }
    }
    for row in &small.values {
        let Some(option) = row.option_id.filter(|id| options.contains(id)) else {
            let what = "its option is not there";
            outcome.notes.push(RowNote::new(
                "tblproductconfigoptionssub",
                row.id,
                "configid",
                what,
                "left out",
            ));
            continue;
        };
        let added = add_value(tx, Some(row.id), option, &shown(&row.name), row.position, row.is_hidden).await;
        outcome.keep(("tblproductconfigoptionssub", row.id, "option_values"), added)?;
    }
    Ok(())
}

/// WHMCS writes `internal|shown`.
pub(super) fn shown(name: &str) -> String {
    name.split_once('|').map_or(name, |(_, shown)| shown).to_owned()
}

async fn write_prices(tx: &mut Tx, small: &Small, outcome: &mut Outcome) -> Result<(), Fault> {
    for row in &small.prices {
        let owner = row.of_id.unwrap_or(0);
        let (owner_kind, pay) = match row.kind {
            PriceKind::Product => {
                let found = small.products.iter().find(|p| p.id == owner).map(|p| pay(p.pay));
                (OwnerKind::Product, found)
            }
            PriceKind::Addon => {
                let found = small.addons.iter().find(|a| a.id == owner).map(|a| addon_pay(&a.billing_cycle));
                (OwnerKind::Addon, found)
            }
            PriceKind::OptionValue => {
                let found = small.values.iter().any(|v| v.id == owner).then_some(Pay::Recurring);
                (OwnerKind::OptionValue, found)
            }
            _ => continue,
        };
        let Some(pay) = pay else {
            let what = format!("there is no {} {owner}", owner_kind.code());
            outcome.notes.push(RowNote::new("tblpricing", row.id, "relid", what, "left out"));
            continue;
        };
        for (cycle, amount, setup) in cycles_of(row, pay) {
            let setup = setup.unwrap_or(Hundredths::ZERO);
            let new = NewPrice {
                owner_kind,
                owner_id: owner,
                currency: row.currency,
                cycle,
                amount_minor: minor(amount, row.currency),
                setup_minor: minor(setup, row.currency),
                valid_from_on: None,
            };
            for (stored, taken) in [(amount, new.amount_minor), (setup, new.setup_minor)] {
                let taken = hundredths(taken, row.currency);
                if taken != stored {
                    let what =
                        format!("{stored} {} has more decimals than the currency", row.currency.code());
                    let done = format!("rounded half-even to {taken}");
                    outcome.notes.push(RowNote::new("tblpricing", row.id, cycle.code(), what, &done));
                }
            }
            let set = set_price(tx, &new).await;
            outcome.keep(("tblpricing", row.id, "prices"), set)?;
        }
    }
    Ok(())
}

fn cycles_of(row: &PriceRow, pay: Pay) -> Vec<(Cycle, Hundredths, Option<Hundredths>)> {
    let all = [
        (Cycle::Monthly, row.monthly, row.setup_monthly),
        (Cycle::Quarterly, row.quarterly, row.setup_quarterly),
        (Cycle::SemiAnnual, row.semi_annually, row.setup_semi_annually),
        (Cycle::Annual, row.annually, row.setup_annually),
        (Cycle::Biennial, row.biennially, row.setup_biennially),
        (Cycle::Triennial, row.triennially, row.setup_triennially),
    ];
    match pay {
        Pay::Free => Vec::new(),
        Pay::OneTime => {
            row.monthly.map(|amount| (Cycle::OneTime, amount, row.setup_monthly)).into_iter().collect()
        }
        Pay::Recurring => {
            all.into_iter().filter_map(|(c, amount, setup)| Some((c, amount?, setup))).collect()
        }
    }
}

async fn write_coupons(tx: &mut Tx, small: &Small, outcome: &mut Outcome) -> Result<(), Fault> {
    let mut codes = BTreeSet::new();
    for row in &small.promotions {
        if !codes.insert(row.code.trim().to_uppercase()) {
            let what = format!("another promotion has the code {:?}, case apart", row.code);
            outcome.notes.push(RowNote::new("tblpromotions", row.id, "code", what, "left out"));
            outcome.left_out_coupons.insert(row.id);
            continue;
        }
        let details = coupon(row, small);
        if !row.applies_to.trim().is_empty() && details.products.is_empty() && details.addons.is_empty() {
            // Without a target a coupon is good for everything, which this one is not.
            let what = format!("it applies only to {}, which is neither product nor add-on", row.applies_to);
            outcome.notes.push(RowNote::new("tblpromotions", row.id, "appliesto", what, "left out"));
            outcome.left_out_coupons.insert(row.id);
            continue;
        }
        let added = add_coupon(tx, Some(row.id), &details).await;
        if outcome.keep(("tblpromotions", row.id, "coupons"), added)? {
            import_coupon_uses(tx, row.id, row.uses).await?;
        } else {
            outcome.left_out_coupons.insert(row.id);
        }
    }
    Ok(())
}

fn coupon(row: &PromotionRow, small: &Small) -> CouponDetails {
    let kind = match row.kind {
        PromotionKind::Percentage => CouponKind::Percent,
        PromotionKind::FixedAmount => CouponKind::Fixed,
        PromotionKind::PriceOverride => CouponKind::PriceOverride,
        PromotionKind::FreeSetup => CouponKind::FreeSetup,
    };
    let cycles = row.cycles.split(',').filter_map(LegacyCycle::parse).filter_map(|cycle| match cycle {
        LegacyCycle::Paid(cycle) => Some(cycle.code().to_owned()),
        LegacyCycle::Free => None,
    });
    let targets = row.applies_to.split(',').map(str::trim);
    CouponDetails {
        code: row.code.clone(),
        kind,
        value_ppm: i64::try_from(row.value.0 * 100).unwrap_or(i64::MAX),
        amounts: amounts(row, small),
        starts_on: row.starts_on,
        expires_on: row.expires_on,
        max_uses: row.max_uses,
        max_uses_per_customer: i64::from(row.is_once_per_client),
        products: ids(&row.applies_to).collect(),
        addons: targets.filter_map(|t| t.strip_prefix('A')).filter_map(|id| id.parse().ok()).collect(),
        cycles: cycles.collect(),
        first_order_only: row.is_for_new_clients,
        existing_customers_only: row.is_for_existing_clients && !row.is_for_new_clients,
        recurring_periods: if row.is_recurring { row.recurring_count.min(1000) } else { 1 },
        notes: row.notes.clone(),
        ..CouponDetails::default()
    }
}

/// WHMCS keeps one amount in the base currency and converts it; Bursar keeps one per currency.
fn amounts(row: &PromotionRow, small: &Small) -> BTreeMap<String, i64> {
    let Some(base) = base(small) else { return BTreeMap::new() };
    let amount = Money::new(minor(row.value, base), base);
    let convert = |c: &crate::whmcs::rows::CurrencyRow| {
        let converted =
            if c.code == base { Ok(amount) } else { c.rate.convert(amount, c.code, Rounding::HalfEven) };
        Some((c.code.code().to_owned(), converted.ok()?.minor()))
    };
    small.currencies.iter().filter_map(convert).collect()
}
