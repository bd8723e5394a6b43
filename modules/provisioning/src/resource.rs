//! The list of services.

use std::collections::BTreeMap;

use bursar_db::Tx;
use bursar_web::{Column, Filter, Lens, Reading, Resource, paths};

use crate::permissions;

pub(crate) fn services() -> Resource {
    Resource::new("services", "Services", paths!("/admin/services"), permissions::SERVICE_VIEW)
        .described("server", "What was sold and is delivered by a driver.")
        .in_nav("Servers", 390)
        .from("provisioning_services AS s", "s.id")
        .opens("/admin/services/")
        .columns(vec![
            Column::text("label", "Service", "s.label").opens().note("COALESCE(s.name, '')"),
            Column::named("customer", "Customer", "s.customer_id", customers).to("/admin/customers/"),
            Column::badge("state", "State", "s.state"),
            Column::word("desired", "Should be", "s.desired"),
            Column::text("why", "Why", "s.why"),
            Column::instant("created", "Since", "s.created_at"),
            Column::number("number", "Number", "s.id").opens().sorts("newest"),
            Column::word("observed", "Seen as", "s.observed").extra(),
            Column::number("subscription", "Subscription", "COALESCE(s.subscription_id, 0)").extra(),
            Column::number("product", "Product number", "s.product_id").extra(),
        ])
        .lenses(vec![
            Lens::new("", "All", "", &["newest"]),
            Lens::new("failed", "Failed", "s.state = 'failed'", &["newest"]).counted(),
            Lens::new("waiting", "Being made", "s.state = 'provisioning'", &["newest"]),
            Lens::new("queued", "Waiting", "s.state = 'queued'", &["newest"]),
            Lens::new("active", "Active", "s.state = 'active'", &["newest"]),
            Lens::new("suspended", "Suspended", "s.state = 'suspended'", &["newest"]),
            Lens::new("pending", "Not begun", "s.state = 'pending'", &["newest"]),
            Lens::new("over", "Removed", "s.state = 'deprovisioned'", &["newest"]),
        ])
        .filters(vec![
            Filter::id("customer", "Customer number", "s.customer_id"),
            Filter::id("product", "Product number", "s.product_id"),
        ])
        .empty("No services yet", "Services appear here when somebody orders a product that has a plan map.")
}

fn customers(tx: &mut Tx, ids: Vec<i64>) -> Reading<'_, BTreeMap<i64, String>> {
    Box::pin(async move { bursar_customers::names(tx, &ids).await })
}
