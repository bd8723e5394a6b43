//! The list of customers.

use bursar_web::{Column, Filter, Lens, Resource, Sort, paths};

use crate::{permissions, search};

/// What a customer is called on lists: the company, or the person.
const NAME: &str =
    "CASE WHEN c.company <> '' THEN c.company ELSE TRIM(c.first_name || ' ' || c.last_name) END";
/// The person, where the name is the company's.
const PERSON: &str = "CASE WHEN c.company <> '' THEN TRIM(c.first_name || ' ' || c.last_name) ELSE '' END";

pub(crate) fn customers() -> Resource {
    Resource::new("customers", "Customers", paths!("/admin/customers"), permissions::CUSTOMER_VIEW)
        .described("users", "Everybody who buys.")
        .in_nav("Customers", 100)
        .from("customers_customers AS c", "c.id")
        .opens("/admin/customers/")
        .columns(vec![
            Column::text("name", "Customer", NAME).opens().note(PERSON),
            Column::text("email", "E-mail", "c.email"),
            Column::text("country", "Country", "c.country"),
            Column::text("currency", "Currency", "c.currency"),
            Column::badge("status", "Status", "c.status"),
            Column::instant("created", "Since", "c.created_at").sorts("newest"),
            Column::number("number", "Number", "c.id").opens().extra(),
            Column::text("phone", "Phone", "c.phone").extra(),
            Column::text("city", "City", "c.city").extra(),
            Column::text("tax_id", "Tax number", "c.tax_id").extra(),
            Column::word("tax_id_status", "Tax number is", "c.tax_id_status").extra(),
            Column::text("language", "Language", "c.language").extra(),
            Column::text("group", "Group", "(SELECT g.name FROM customers_groups AS g WHERE g.id = c.group_id)")
                .extra(),
        ])
        .sorts(vec![Sort::text("name", "Name", "c.sort_name")])
        .lenses(vec![
            Lens::new("", "All", "", &["newest", "name"]),
            Lens::new("active", "Active", "c.status = 'active'", &["newest"]),
            Lens::new("inactive", "Inactive", "c.status = 'inactive'", &["newest"]),
            Lens::new("suspended", "Suspended", "c.status = 'suspended'", &["newest"]),
            Lens::new("banned", "Banned", "c.status = 'banned'", &["newest"]),
            Lens::new("closed", "Closed", "c.status = 'closed'", &["newest"]),
        ])
        .filters(vec![
            Filter::text("email", "E-mail contains", "c.email"),
            Filter::code("country", "Country", "c.country"),
            Filter::id("group", "Group number", "c.group_id"),
            Filter::yes_no("tax_exempt", "Tax exempt", "c.tax_exempt"),
        ])
        .search("Name, company, e-mail or number", search::find)
        .search_finds(search::OWNERS)
        .empty(
            "No customers yet",
            "Customers appear here when they order, when you import them from another system, or when staff make one.",
        )
}
