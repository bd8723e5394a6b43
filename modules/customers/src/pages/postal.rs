//! Name and address in a form, the same for a customer and for a contact.

use bursar_web::Form;

use crate::customer::Postal;

/// The fields as stored.
pub(super) fn filled(postal: &Postal) -> Vec<(String, String)> {
    [
        ("first_name", &postal.first_name),
        ("last_name", &postal.last_name),
        ("company", &postal.company),
        ("email", &postal.email),
        ("phone", &postal.phone),
        ("address1", &postal.address1),
        ("address2", &postal.address2),
        ("city", &postal.city),
        ("state", &postal.state),
        ("postcode", &postal.postcode),
        ("country", &postal.country),
        ("tax_id", &postal.tax_id),
    ]
    .map(|(name, value)| (name.to_owned(), value.clone()))
    .into()
}

/// The fields as typed; the action checks them.
pub(super) fn typed(form: &Form) -> Postal {
    let text = |name: &str| form.text(name).to_owned();
    Postal {
        first_name: text("first_name"),
        last_name: text("last_name"),
        company: text("company"),
        email: text("email"),
        phone: text("phone"),
        address1: text("address1"),
        address2: text("address2"),
        city: text("city"),
        state: text("state"),
        postcode: text("postcode"),
        country: text("country"),
        tax_id: text("tax_id"),
    }
}
