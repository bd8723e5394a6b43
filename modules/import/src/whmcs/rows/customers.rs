//! Clients, their users, contacts, groups and notes.

use bursar_money::{Currency, Ppm};
use bursar_time::Date;
use jiff::civil::DateTime;

use super::{whmcs_names, whmcs_row};
use crate::whmcs::amount::Hundredths;

whmcs_names! {
    /// State of a client.
    ClientStatus {
        /// Has something.
        Active = "Active",
        /// Has nothing at present.
        Inactive = "Inactive",
        /// Closed for good.
        Closed = "Closed",
    }
}

whmcs_row! {
    /// Who is billed.
    ClientRow = "tblclients" {
        /// Id.
        id: i64 = id("id"),
        /// First name.
        first_name: String = text("firstname"),
        /// Last name.
        last_name: String = text("lastname"),
        /// Company, or `''`.
        company: String = text("companyname"),
        /// Address; neither unique nor always present.
        email: String = word("email"),
        /// First line of the address.
        address1: String = text("address1"),
        /// Second line.
        address2: String = text("address2"),
        /// City.
        city: String = text("city"),
        /// State or province.
        state: String = text("state"),
        /// Postal code.
        postcode: String = text("postcode"),
        /// Two letters; old rows have names.
        country: String = word("country"),
        /// As typed, or `+CC.number`.
        phone: String = text("phonenumber"),
        /// VAT or company number.
        tax_id: String = word("tax_id"),
        /// Currency of everything the client owes.
        currency: Currency = currency("currency"),
        /// Gateway preferred, or `''`.
        default_gateway: String = raw_text("defaultgateway"),
        /// Credit balance; this one counts, not the sum of the log.
        credit: Hundredths = amount("credit"),
        /// Pays no tax.
        is_tax_exempt: bool = flag("taxexempt"),
        /// Pays no late fees.
        is_late_fee_exempt: bool = flag("latefeeoveride"),
        /// Gets no overdue reminders.
        is_reminder_exempt: bool = flag("overideduenotices"),
        /// One invoice per service.
        has_separate_invoices: bool = flag("separateinvoices"),
        /// Cards are not charged automatically.
        is_autopay_disabled: bool = flag("disableautocc"),
        /// Since when.
        created_on: Option<Date> = date("datecreated"),
        /// Notes for staff.
        notes: String = text("notes"),
        /// Contact invoices are addressed to, if not the client.
        billing_contact_id: Option<i64> = link("billingcid"),
        /// Group.
        group_id: Option<i64> = link("groupid"),
        /// State.
        status: ClientStatus = named("status"),
        /// Lower-case English name, `''` for the default.
        language: String = raw_text("language"),
        /// Login of WHMCS before 8.0; empty or stale since.
        password: String = raw_text("password"),
    }
}

whmcs_row! {
    /// A login.
    UserRow = "tblusers" {
        /// Id.
        id: i64 = id("id"),
        /// First name.
        first_name: String = text("first_name"),
        /// Last name.
        last_name: String = text("last_name"),
        /// Unique ignoring case.
        email: String = word("email"),
        /// One-way form, of several kinds.
        password: String = raw_text("password"),
        /// Name of the second-factor module, or `''`.
        second_factor: String = raw_text("second_factor"),
        /// When it was shown that the address is theirs.
        verified_at: Option<DateTime> = moment("email_verified_at"),
        /// Since when.
        created_at: Option<DateTime> = moment("created_at"),
    }
}

whmcs_row! {
    /// Who may act for whom.
    UserClientRow = "tblusers_clients" {
        /// Id.
        id: i64 = id("id"),
        /// User.
        user_id: Option<i64> = link("auth_user_id"),
        /// Client.
        client_id: Option<i64> = link("client_id"),
        /// One user of a client owns it.
        is_owner: bool = flag("owner"),
        /// Comma list.
        permissions: String = raw_text("permissions"),
    }
}

whmcs_row! {
    /// Another address of a client.
    ContactRow = "tblcontacts" {
        /// Id.
        id: i64 = id("id"),
        /// Client.
        client_id: Option<i64> = link("userid"),
        /// First name.
        first_name: String = text("firstname"),
        /// Last name.
        last_name: String = text("lastname"),
        /// Company.
        company: String = text("companyname"),
        /// Address.
        email: String = word("email"),
        /// First line of the address.
        address1: String = text("address1"),
        /// Second line.
        address2: String = text("address2"),
        /// City.
        city: String = text("city"),
        /// State or province.
        state: String = text("state"),
        /// Postal code.
        postcode: String = text("postcode"),
        /// Two letters.
        country: String = word("country"),
        /// Phone.
        phone: String = text("phonenumber"),
        /// VAT or company number.
        tax_id: String = word("tax_id"),
        /// Gets invoice mail.
        receives_invoices: bool = flag("invoiceemails"),
        /// Gets general mail.
        receives_general: bool = flag("generalemails"),
        /// Gets mail about services.
        receives_products: bool = flag("productemails"),
        /// Gets mail about domains.
        receives_domains: bool = flag("domainemails"),
        /// Gets mail about tickets.
        receives_support: bool = flag("supportemails"),
    }
}

whmcs_row! {
    /// A group of clients.
    ClientGroupRow = "tblclientgroups" {
        /// Id.
        id: i64 = id("id"),
        /// Name.
        name: String = text("groupname"),
        /// `#rrggbb`.
        colour: String = raw_text("groupcolour"),
        /// Taken off when invoicing, as a line.
        discount: Ppm = percent("discountpercent"),
        /// Never suspended or terminated for debt.
        is_dunning_exempt: bool = flag("susptermexempt"),
        /// One invoice per service.
        has_separate_invoices: bool = flag("separateinvoices"),
    }
}

whmcs_row! {
    /// A note of staff about a client.
    NoteRow = "tblnotes" {
        /// Id.
        id: i64 = id("id"),
        /// Client.
        client_id: Option<i64> = link("userid"),
        /// When it was written.
        created: Option<DateTime> = moment("created"),
        /// Text.
        body: String = text("note"),
        /// Shown on top.
        is_sticky: bool = flag("sticky"),
    }
}
