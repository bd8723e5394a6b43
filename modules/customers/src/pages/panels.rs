//! What customers itself shows on a customer's page.

use bursar_app::Registry;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_i18n::{Locale, country_name};
use bursar_ids::Id;
use bursar_web::{Cell, PANEL_ROWS, Panel, PanelAsk, PanelButton, PanelView, Reading};
use serde_json::json;

use super::PAGE;
use crate::contacts::contacts_of;
use crate::customer::{Customer, Grouping};
use crate::permissions::{CUSTOMER_EDIT, CUSTOMER_VIEW};
use crate::{groups, notes, store};

pub(super) fn register(registry: &mut Registry) {
    let panel = |name, title, load| Panel::new(PAGE, name, title, CUSTOMER_VIEW, load).beside();
    registry.panel(panel("customers.profile", "Profile", profile).order(20));
    registry.panel(panel("customers.contacts", "Contacts", contacts).order(40));
    registry.panel(panel("customers.notes", "Notes", pinned_and_notes).order(60));
}

fn profile(tx: &mut Tx, ask: PanelAsk) -> Reading<'_, PanelView> {
    Box::pin(async move {
        let view = PanelView::new("This customer is gone.");
        let Some(customer) = store::find(tx, Id::new(ask.id)).await? else { return Ok(view) };
        let group = match customer.details.group_id {
            Some(id) => groups::find(tx, id).await?.map(|group| group.details.name),
            None => None,
        };
        Ok(facts(view, &customer, group.as_deref().unwrap_or_default()))
    })
}

fn facts(view: PanelView, customer: &Customer, group: &str) -> PanelView {
    let (details, postal) = (&customer.details, &customer.details.postal);
    let place = [&postal.postcode, &postal.city, &postal.state].map(String::as_str).join(" ");
    let country = country_name(Locale::En, &postal.country).unwrap_or(&postal.country);
    let lines = [postal.address1.as_str(), &postal.address2, place.trim(), country];
    let address: Vec<&str> = lines.into_iter().filter(|line| !line.trim().is_empty()).collect();
    let tax_id = Cell::text(&*postal.tax_id).note(match customer.tax_id_status {
        crate::customer::TaxIdStatus::None => "",
        crate::customer::TaxIdStatus::Unchecked => "not checked",
        crate::customer::TaxIdStatus::Valid => "valid",
        crate::customer::TaxIdStatus::Invalid => "not known to the register",
    });
    let grouping = match details.grouping {
        Grouping::Daily => "one a day for everything",
        Grouping::Separate => "one for each subscription",
    };
    let exempt: Vec<&str> = [
        (details.tax_exempt, "tax"),
        (details.late_fee_exempt, "late fees"),
        (details.dunning_exempt, "reminders"),
    ]
    .into_iter()
    .filter_map(|(is_so, what)| is_so.then_some(what))
    .collect();
    view.fact_if("Person", &postal.full_name())
        .fact_if("Company", &postal.company)
        .fact("E-mail", Cell::text(&*postal.email).to(format!("mailto:{}", postal.email)))
        .fact_if("Phone", &postal.phone)
        .fact("Address", Cell::text(address.join(", ")))
        .fact("Tax number", tax_id)
        .fact("Currency", Cell::text(customer.currency.code()))
        .fact("Language", Cell::text(&*details.language))
        .fact_if("Group", group)
        .fact("Invoices", Cell::text(grouping))
        .fact_if("Exempt from", &exempt.join(", "))
        .button(PanelButton {
            label: "Edit",
            icon: "pencil",
            href: format!("/admin/customers/{}/edit", customer.id),
            permission: CUSTOMER_EDIT,
        })
}

fn contacts(tx: &mut Tx, ask: PanelAsk) -> Reading<'_, PanelView> {
    Box::pin(async move {
        let mut view =
            PanelView::new("Nobody else. A contact can get invoices or mail in the customer's place.");
        for contact in contacts_of(tx, Id::new(ask.id)).await? {
            let (postal, d) = (&contact.details.postal, &contact.details);
            let gets: Vec<&str> = [
                (d.receives_general, "general"),
                (d.receives_invoices, "invoices"),
                (d.receives_services, "services"),
                (d.receives_domains, "domains"),
                (d.receives_support, "tickets"),
            ]
            .into_iter()
            .filter_map(|(is_so, what)| is_so.then_some(what))
            .collect();
            let cell = Cell::text(postal.display_name())
                .to(format!("/admin/customers/{}/contacts/{}", ask.id, contact.id))
                .note(format!("{} {}", postal.email, postal.phone).trim().to_owned());
            view = view.fact(if gets.is_empty() { "Gets nothing" } else { "Gets mail" }, cell);
        }
        Ok(view.button(PanelButton {
            label: "Add",
            icon: "plus",
            href: format!("/admin/customers/{}/contacts/new", ask.id),
            permission: CUSTOMER_EDIT,
        }))
    })
}

fn pinned_and_notes(tx: &mut Tx, ask: PanelAsk) -> Reading<'_, PanelView> {
    Box::pin(async move {
        let customer = Id::new(ask.id);
        let pinned = async |tx: &mut Tx| match ask.before {
            None => notes::pinned(tx, customer).await,
            Some(_) => Ok(Vec::new()),
        };
        let others = async |tx: &mut Tx| notes::unpinned(tx, customer, ask.before, PANEL_ROWS + 1).await;
        let (pinned, mut others) = tx.both(pinned, others).await?;
        let most = usize::try_from(PANEL_ROWS).map_err(|e| Fault::wrap("rows of a panel", e))?;
        let older = (others.len() > most).then(|| others.get(most - 1).map(|note| note.id)).flatten();
        others.truncate(most);
        let view = |note: &notes::Note| {
            json!({
                "id": note.id, "body": note.body, "sticky": note.sticky, "author": note.author,
                "at": note.created_at,
            })
        };
        let all: Vec<_> = pinned.iter().chain(&others).map(view).collect();
        let values = json!({ "customer": ask.id, "notes": all });
        Ok(PanelView::new("").own("customers/customers/notes.html", values).paged(older))
    })
}
