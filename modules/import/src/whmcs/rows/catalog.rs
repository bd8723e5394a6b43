//! Products, add-ons, options, prices and promotions.

use bursar_money::Currency;
use bursar_time::Date;

use super::{FieldProblem, Fields, whmcs_names, whmcs_row};
use crate::whmcs::amount::Hundredths;

whmcs_names! {
    /// How a product is paid.
    PayKind {
        /// Not at all.
        Free = "free",
        /// Once.
        OneTime = "onetime",
        /// By cycles.
        Recurring = "recurring",
    }
}

whmcs_names! {
    /// What a price is for.
    PriceKind {
        /// tblproducts.
        Product = "product",
        /// tbladdons.
        Addon = "addon",
        /// tblproductconfigoptionssub.
        OptionValue = "configoptions",
        /// Registration of a domain; the columns are years.
        DomainRegister = "domainregister",
        /// Transfer of a domain.
        DomainTransfer = "domaintransfer",
        /// Renewal of a domain.
        DomainRenew = "domainrenew",
        /// Domain add-ons.
        DomainAddons = "domainaddons",
        /// Metered usage.
        Usage = "usage",
    }
}

whmcs_names! {
    /// How an option is chosen.
    OptionKind {
        /// From a list.
        Dropdown = "1",
        /// From a list, all shown.
        Radio = "2",
        /// Yes or no.
        YesNo = "3",
        /// As a number.
        Quantity = "4",
    }
}

whmcs_names! {
    /// What a promotion does.
    PromotionKind {
        /// Takes off a share.
        Percentage = "Percentage",
        /// Takes off an amount.
        FixedAmount = "Fixed Amount",
        /// Replaces the price.
        PriceOverride = "Price Override",
        /// Waives the setup fee.
        FreeSetup = "Free Setup",
    }
}

whmcs_row! {
    /// A group of products.
    ProductGroupRow = "tblproductgroups" {
        /// Id.
        id: i64 = id("id"),
        /// Name.
        name: String = text("name"),
        /// Part of the address of its page.
        slug: String = raw_text("slug"),
        /// Line above the products.
        headline: String = text("headline"),
        /// Not shown to customers.
        is_hidden: bool = flag("hidden"),
        /// Place among the groups.
        position: i64 = number("order"),
    }
}

whmcs_row! {
    /// A product.
    ProductRow = "tblproducts" {
        /// Id.
        id: i64 = id("id"),
        /// `hostingaccount`, `reselleraccount`, `server`, `other`.
        kind: String = raw_text("type"),
        /// Group.
        group_id: Option<i64> = link("gid"),
        /// Name.
        name: String = text("name"),
        /// Part of the address of its page.
        slug: String = raw_text("slug"),
        /// HTML.
        description: String = raw_text("description"),
        /// Not shown to customers.
        is_hidden: bool = flag("hidden"),
        /// Not sold any more.
        is_retired: bool = flag("retired"),
        /// Shown first.
        is_featured: bool = flag("is_featured"),
        /// Sold only while in stock.
        has_stock_control: bool = flag("stockcontrol"),
        /// Stock.
        stock: i64 = number("qty"),
        /// Billed on a fixed day of the month.
        is_prorated: bool = flag("proratabilling"),
        /// That day.
        prorate_day: i64 = number("proratadate"),
        /// Day after which the following period is charged too.
        prorate_next_month_after: i64 = number("proratachargenextmonth"),
        /// How it is paid.
        pay: PayKind = named("paytype"),
        /// 0 for one only; other values are kinds of yes.
        allow_quantity: i64 = number("allowqty"),
        /// Stop after so many cycles, 0 for never.
        cycle_limit: i64 = count("recurringcycles"),
        /// Terminated after so many days, 0 for never.
        terminate_after_days: i64 = count("autoterminatedays"),
        /// Taxed.
        is_taxed: bool = flag("tax"),
        /// Place in its group.
        position: i64 = number("order"),
        /// Module that delivers it.
        module: String = raw_text("servertype"),
    }
}

whmcs_row! {
    /// Something sold beside a product.
    AddonRow = "tbladdons" {
        /// Id.
        id: i64 = id("id"),
        /// Comma list of product ids.
        products: String = raw_text("packages"),
        /// Name.
        name: String = text("name"),
        /// Description.
        description: String = text("description"),
        /// `free`, `onetime`, `recurring`, or in old rows the one cycle it is sold by.
        billing_cycle: String = raw_text("billingcycle"),
        /// May be bought more than once.
        allows_quantity: bool = flag("allowqty"),
        /// Taxed.
        is_taxed: bool = flag("tax"),
        /// Not shown to customers.
        is_hidden: bool = flag("hidden"),
        /// Not sold any more.
        is_retired: bool = flag("retired"),
        /// Place among the add-ons.
        position: i64 = number("weight"),
    }
}

whmcs_row! {
    /// A group of options.
    ConfigGroupRow = "tblproductconfiggroups" {
        /// Id.
        id: i64 = id("id"),
        /// Name.
        name: String = text("name"),
        /// Description.
        description: String = text("description"),
    }
}

whmcs_row! {
    /// Which product offers which group of options.
    ConfigLinkRow = "tblproductconfiglinks" {
        /// Id.
        id: i64 = id("id"),
        /// Group.
        group_id: Option<i64> = link("gid"),
        /// Product.
        product_id: Option<i64> = link("pid"),
    }
}

whmcs_row! {
    /// An option of a product.
    ConfigOptionRow = "tblproductconfigoptions" {
        /// Id.
        id: i64 = id("id"),
        /// Group.
        group_id: Option<i64> = link("gid"),
        /// Name, or `name|display`.
        name: String = text("optionname"),
        /// How it is chosen.
        kind: OptionKind = named("optiontype"),
        /// Least quantity.
        min_quantity: i64 = count("qtyminimum"),
        /// Greatest quantity, 0 for any.
        max_quantity: i64 = count("qtymaximum"),
        /// Place in its group.
        position: i64 = number("order"),
        /// Not shown to customers.
        is_hidden: bool = flag("hidden"),
    }
}

whmcs_row! {
    /// A value of an option.
    ConfigOptionValueRow = "tblproductconfigoptionssub" {
        /// Id.
        id: i64 = id("id"),
        /// Option.
        option_id: Option<i64> = link("configid"),
        /// Name, or `name|display`.
        name: String = text("optionname"),
        /// Place in its option.
        position: i64 = number("sortorder"),
        /// Not shown to customers.
        is_hidden: bool = flag("hidden"),
    }
}

whmcs_row! {
    /// Prices of one thing in one currency; `None` for a cycle that is not sold. A one-time product uses `monthly`. For
    /// domains the columns are years and some are group ids.
    PriceRow = "tblpricing" {
        /// Id.
        id: i64 = id("id"),
        /// What is priced.
        kind: PriceKind = named("type"),
        /// Currency.
        currency: Currency = currency("currency"),
        /// Id in the table `kind` names.
        of_id: Option<i64> = link("relid"),
        /// Setup fee with `monthly`.
        setup_monthly: Option<Hundredths> = price("msetupfee"),
        /// Setup fee with `quarterly`.
        setup_quarterly: Option<Hundredths> = price("qsetupfee"),
        /// Setup fee with `semi_annually`.
        setup_semi_annually: Option<Hundredths> = price("ssetupfee"),
        /// Setup fee with `annually`.
        setup_annually: Option<Hundredths> = price("asetupfee"),
        /// Setup fee with `biennially`.
        setup_biennially: Option<Hundredths> = price("bsetupfee"),
        /// Setup fee with `triennially`.
        setup_triennially: Option<Hundredths> = price("tsetupfee"),
        /// Price of a month.
        monthly: Option<Hundredths> = price("monthly"),
        /// Price of 3 months.
        quarterly: Option<Hundredths> = price("quarterly"),
        /// Price of 6 months.
        semi_annually: Option<Hundredths> = price("semiannually"),
        /// Price of a year.
        annually: Option<Hundredths> = price("annually"),
        /// Price of 2 years.
        biennially: Option<Hundredths> = price("biennially"),
        /// Price of 3 years.
        triennially: Option<Hundredths> = price("triennially"),
    }
}

whmcs_row! {
    /// A promotion.
    PromotionRow = "tblpromotions" check check_promotion {
        /// Id.
        id: i64 = id("id"),
        /// What the customer types.
        code: String = word("code"),
        /// What it does.
        kind: PromotionKind = named("type"),
        /// Percent or amount, in hundredths of either.
        value: Hundredths = amount_not_negative("value"),
        /// Applies to renewals too.
        is_recurring: bool = flag("recurring"),
        /// Renewals it applies to, 0 for all.
        recurring_count: i64 = count("recurfor"),
        /// Comma list of cycles, `''` for all.
        cycles: String = raw_text("cycles"),
        /// Comma list: product ids, `A` with add-on ids, `D` with TLDs.
        applies_to: String = raw_text("appliesto"),
        /// The same, of which one must be in the order.
        requires: String = raw_text("requires"),
        /// Or be owned already.
        requires_existing: bool = flag("requiresexisting"),
        /// First day.
        starts_on: Option<Date> = date("startdate"),
        /// Last day.
        expires_on: Option<Date> = date("expirationdate"),
        /// Uses allowed, 0 for any number.
        max_uses: i64 = count("maxuses"),
        /// Uses so far.
        uses: i64 = count("uses"),
        /// On one item of an order only.
        is_once_per_order: bool = flag("applyonce"),
        /// For new customers only.
        is_for_new_clients: bool = flag("newsignups"),
        /// For existing customers only.
        is_for_existing_clients: bool = flag("existingclient"),
        /// Once per customer.
        is_once_per_client: bool = flag("onceperclient"),
        /// For upgrades.
        is_for_upgrades: bool = flag("upgrades"),
        /// Notes for staff.
        notes: String = text("notes"),
    }
}

/// No promotion gives back more than everything.
fn check_promotion(row: &PromotionRow, fields: &mut Fields<'_>) {
    const WHOLE: Hundredths = Hundredths(10_000);
    if row.kind == PromotionKind::Percentage && row.value > WHOLE {
        let problem = FieldProblem::OutOfRange {
            found: format!("{} %", row.value),
            allowed: "a discount between 0 and 100 %",
        };
        fields.refuse("value", problem);
    }
}
