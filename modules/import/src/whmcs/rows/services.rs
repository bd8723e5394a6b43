//! What was sold and is billed.

use bursar_time::Date;

use super::{whmcs_names, whmcs_row};
use crate::whmcs::LegacyCycle;
use crate::whmcs::amount::Hundredths;

whmcs_names! {
    /// State of a service or add-on.
    ServiceStatus {
        /// Ordered.
        Pending = "Pending",
        /// Delivered and billed.
        Active = "Active",
        /// Switched off, still billed.
        Suspended = "Suspended",
        /// Removed.
        Terminated = "Terminated",
        /// Cancelled.
        Cancelled = "Cancelled",
        /// Refused as fraud.
        Fraud = "Fraud",
        /// Paid once and done.
        Completed = "Completed",
    }
}

whmcs_names! {
    /// When a cancellation takes effect.
    CancelWhen {
        /// At once.
        Immediate = "Immediate",
        /// When the paid period ends.
        EndOfPeriod = "End of Billing Period",
    }
}

whmcs_row! {
    /// A service.
    HostingRow = "tblhosting" {
        /// Id.
        id: i64 = id("id"),
        /// Client.
        client_id: Option<i64> = link("userid"),
        /// Order it came with.
        order_id: Option<i64> = link("orderid"),
        /// Product.
        product_id: Option<i64> = link("packageid"),
        /// Since when.
        registered_on: Option<Date> = date("regdate"),
        /// Domain or host name.
        domain: String = text("domain"),
        /// Gateway, which may be gone.
        gateway: String = raw_text("paymentmethod"),
        /// How many; the amount is for all of them.
        quantity: i64 = quantity("qty"),
        /// Of the first invoice.
        first_amount: Hundredths = amount("firstpaymentamount"),
        /// What is billed each cycle, options and recurring promotion included. Never recomputed from prices.
        amount: Hundredths = amount("amount"),
        /// Cycle.
        cycle: LegacyCycle = cycle("billingcycle"),
        /// Start of the next unpaid period.
        next_due_on: Option<Date> = date("nextduedate"),
        /// From when the next invoice is made; ahead of `next_due_on` while an open invoice exists for that.
        next_invoice_on: Option<Date> = date("nextinvoicedate"),
        /// When it was terminated.
        terminated_on: Option<Date> = date("termination_date"),
        /// State.
        status: ServiceStatus = named("domainstatus"),
        /// Why it was suspended.
        suspend_reason: String = text("suspendreason"),
        /// Never suspended automatically, or not before the date.
        is_suspend_exempt: bool = flag("overideautosuspend"),
        /// That date.
        suspend_exempt_until: Option<Date> = date("overidesuspenduntil"),
        /// Promotion.
        promotion_id: Option<i64> = link("promoid"),
        /// Renewals the promotion was applied to.
        promotion_count: i64 = number("promocount"),
        /// Subscription at the gateway.
        gateway_subscription: String = raw_text("subscriptionid"),
        /// Account name on the server.
        username: String = text("username"),
        /// Notes for staff.
        notes: String = text("notes"),
    }
}

whmcs_row! {
    /// An add-on of a service.
    HostingAddonRow = "tblhostingaddons" {
        /// Id.
        id: i64 = id("id"),
        /// Service.
        service_id: Option<i64> = link("hostingid"),
        /// Add-on; `None` for one typed by hand, whose name counts.
        addon_id: Option<i64> = link("addonid"),
        /// Client; on old rows that of the service.
        client_id: Option<i64> = link("userid"),
        /// Order it came with.
        order_id: Option<i64> = link("orderid"),
        /// Own name, or `''`.
        name: String = text("name"),
        /// How many; the amount is for all of them.
        quantity: i64 = quantity("qty"),
        /// Setup fee.
        setup: Hundredths = amount("setupfee"),
        /// What is billed each cycle.
        amount: Hundredths = amount("recurring"),
        /// Cycle.
        cycle: LegacyCycle = cycle("billingcycle"),
        /// Taxed.
        is_taxed: bool = flag("tax"),
        /// State.
        status: ServiceStatus = named("status"),
        /// Since when.
        registered_on: Option<Date> = date("regdate"),
        /// Start of the next unpaid period.
        next_due_on: Option<Date> = date("nextduedate"),
        /// From when the next invoice is made.
        next_invoice_on: Option<Date> = date("nextinvoicedate"),
        /// When it was terminated.
        terminated_on: Option<Date> = date("termination_date"),
        /// Gateway.
        gateway: String = raw_text("paymentmethod"),
        /// Notes for staff.
        notes: String = text("notes"),
    }
}

whmcs_row! {
    /// An option chosen for a service.
    HostingOptionRow = "tblhostingconfigoptions" {
        /// Id.
        id: i64 = id("id"),
        /// Service.
        service_id: Option<i64> = link("relid"),
        /// Option.
        option_id: Option<i64> = link("configid"),
        /// Value.
        value_id: Option<i64> = link("optionid"),
        /// Quantity; yes when above 0.
        quantity: i64 = quantity("qty"),
    }
}

whmcs_row! {
    /// A wish to cancel a service.
    CancelRequestRow = "tblcancelrequests" {
        /// Id.
        id: i64 = id("id"),
        /// Service.
        service_id: Option<i64> = link("relid"),
        /// Asked on.
        requested_on: Option<Date> = date("date"),
        /// Why.
        reason: String = text("reason"),
        /// When it takes effect.
        when: CancelWhen = named("type"),
    }
}
