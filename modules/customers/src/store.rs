//! All SQL of customers and their snapshots.

use bursar_db::{Glance, Param, Row, Tx, params};
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_time::Instant;

use crate::customer::{
    BillingProfile, Customer, CustomerDetails, Grouping, Party, Postal, Status, TaxIdStatus,
};
use crate::{figures, search};

bursar_db::statements! {
    /// One customer.
    pub(crate) FIND = "SELECT id, first_name, last_name, company, email, phone, address1, address2, city, state,
        postcode, country, tax_id, tax_exempt, language, group_id, grouping, auto_apply_credit, late_fee_exempt,
        dunning_exempt, billing_contact_id, shipping_contact_id, default_gateway, custom_fields, currency, status,
        tax_id_status, email_verified_at, snapshot_id, created_at, updated_at, version
        FROM customers_customers WHERE id = $1";
    /// The customers with an address; several may share it.
    pub(crate) FIND_BY_EMAIL = "SELECT id FROM customers_customers
        WHERE email = $1 AND status NOT IN ('closed', 'banned') ORDER BY id LIMIT 20";
    /// A new customer.
    pub(crate) INSERT = "INSERT INTO customers_customers (first_name, last_name, company, email, phone, address1,
        address2, city, state, postcode, country, tax_id, tax_exempt, language, group_id, grouping,
        auto_apply_credit, late_fee_exempt, dunning_exempt, billing_contact_id, shipping_contact_id,
        default_gateway, custom_fields, sort_name, id, currency, status, tax_id_status, email_verified_at,
        snapshot_id, created_at, updated_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
        $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, 1)";
    /// Saves what people may change.
    pub(crate) UPDATE = "UPDATE customers_customers SET first_name = $1, last_name = $2, company = $3, email = $4,
        phone = $5, address1 = $6, address2 = $7, city = $8, state = $9, postcode = $10, country = $11,
        tax_id = $12, tax_exempt = $13, language = $14, group_id = $15, grouping = $16, auto_apply_credit = $17,
        late_fee_exempt = $18, dunning_exempt = $19, billing_contact_id = $20, shipping_contact_id = $21,
        default_gateway = $22, custom_fields = $23, sort_name = $24, tax_id_status = $25, email_verified_at = $26,
        updated_at = $27, version = version + 1
        WHERE id = $28 AND version = $29";
    /// Changes what a customer is to us.
    pub(crate) SET_STATUS = "UPDATE customers_customers SET status = $1, updated_at = $2, version = version + 1
        WHERE id = $3";
    /// Records what a register said, unless the number changed meanwhile.
    pub(crate) SET_TAX_ID_STATUS = "UPDATE customers_customers SET tax_id_status = $1, updated_at = $2,
        version = version + 1 WHERE id = $3 AND tax_id = $4";
    /// Points at a new identity.
    pub(crate) SET_SNAPSHOT = "UPDATE customers_customers SET snapshot_id = $1 WHERE id = $2";
    /// A frozen identity.
    pub(crate) INSERT_SNAPSHOT = "INSERT INTO customers_snapshots (id, customer_id, party, created_at)
        VALUES ($1, $2, $3, $4)";
    /// One frozen identity.
    pub(crate) FIND_SNAPSHOT = "SELECT party FROM customers_snapshots WHERE id = $1";
    /// Many frozen identities.
    pub(crate) FIND_SNAPSHOTS = "SELECT id, party FROM customers_snapshots WHERE id {any:$1}";
    /// What billing needs of many customers.
    pub(crate) PROFILES = "SELECT c.id, c.currency, c.country, c.state, c.tax_exempt, c.tax_id_status, c.grouping,
        c.snapshot_id, c.auto_apply_credit, c.late_fee_exempt, c.dunning_exempt, c.status, c.default_gateway,
        COALESCE(g.discount_ppm, 0), COALESCE(g.separate_invoices, 0), COALESCE(g.dunning_exempt, 0)
        FROM customers_customers AS c LEFT JOIN customers_groups AS g ON g.id = c.group_id
        WHERE c.id {any:$1}";
}

pub(crate) async fn find(tx: &mut Tx, id: Id<Customer>) -> Result<Option<Customer>, Fault> {
    tx.query_opt(&FIND, params![id], customer).await
}

/// As [`find`], for who needs nothing else.
pub(crate) fn glance(id: Id<Customer>) -> Glance<Customer> {
    Glance::new(&FIND, params![id], customer)
}

/// The row of a new customer. The snapshot must exist.
pub(crate) async fn insert(tx: &mut Tx, customer: &Customer) -> Result<(), Fault> {
    let texts = Texts::of(&customer.details)?;
    let own = params![
        customer.id,
        customer.currency,
        customer.status.code(),
        customer.tax_id_status.code(),
        customer.email_verified_at,
        customer.snapshot_id,
        customer.created_at,
        customer.updated_at
    ];
    tx.exec_one(&INSERT, &[details_values(&customer.details, &texts).as_slice(), own].concat()).await?;
    figures::came(tx, customer.created_at, customer.status).await?;
    search::remember(tx, customer.id.get(), &customer.details).await
}

/// Saves what may change; `false` when somebody else saved first.
pub(crate) async fn save(tx: &mut Tx, customer: &Customer) -> Result<bool, Fault> {
    let texts = Texts::of(&customer.details)?;
    let own = params![
        customer.tax_id_status.code(),
        customer.email_verified_at,
        customer.updated_at,
        customer.id,
        customer.version
    ];
    let changed =
        tx.exec(&UPDATE, &[details_values(&customer.details, &texts).as_slice(), own].concat()).await?;
    if changed == 1 {
        search::remember_again(tx, customer.id.get(), &customer.details).await?;
    }
    Ok(changed == 1)
}

/// What is stored of a customer's details as a text made from several.
struct Texts {
    custom_fields: String,
    sort_name: String,
}

impl Texts {
    fn of(details: &CustomerDetails) -> Result<Self, Fault> {
        let custom_fields = serde_json::to_string(&details.custom_fields)
            .map_err(|e| Fault::wrap("writing custom fields", e))?;
        Ok(Self { custom_fields, sort_name: details.sort_name() })
    }
}

/// `$1` to `$24` of [`INSERT`] and [`UPDATE`].
fn details_values<'v>(d: &'v CustomerDetails, texts: &'v Texts) -> Vec<Param<'v>> {
    let more = params![
        d.tax_exempt,
        &d.language,
        d.group_id,
        d.grouping.code(),
        d.auto_apply_credit,
        d.late_fee_exempt,
        d.dunning_exempt,
        d.billing_contact_id,
        d.shipping_contact_id,
        &d.default_gateway,
        &texts.custom_fields,
        &texts.sort_name
    ];
    [postal_values(&d.postal).as_slice(), more].concat()
}

/// The twelve columns of a name and address, in the order in which [`postal`] reads them.
pub(crate) fn postal_values(p: &Postal) -> [Param<'_>; 12] {
    [
        Param::from(&p.first_name),
        Param::from(&p.last_name),
        Param::from(&p.company),
        Param::from(&p.email),
        Param::from(&p.phone),
        Param::from(&p.address1),
        Param::from(&p.address2),
        Param::from(&p.city),
        Param::from(&p.state),
        Param::from(&p.postcode),
        Param::from(&p.country),
        Param::from(&p.tax_id),
    ]
}

pub(crate) async fn insert_snapshot(
    tx: &mut Tx,
    customer: Id<Customer>,
    party: &Party,
    at: Instant,
) -> Result<i64, Fault> {
    let id = tx.new_raw_id()?;
    let text = serde_json::to_string(party).map_err(|e| Fault::wrap("writing a party", e))?;
    tx.exec_one(&INSERT_SNAPSHOT, params![id, customer, &text, at]).await?;
    Ok(id)
}

pub(crate) fn party(text: &str) -> Result<Party, Fault> {
    serde_json::from_str(text).map_err(|e| Fault::corrupt("a party snapshot cannot be read").caused_by(e))
}

/// Twelve columns from `first`, in the order of the fields.
pub(crate) fn postal(row: &Row<'_>, first: usize) -> Result<Postal, Fault> {
    Ok(Postal {
        first_name: row.get(first)?,
        last_name: row.get(first + 1)?,
        company: row.get(first + 2)?,
        email: row.get(first + 3)?,
        phone: row.get(first + 4)?,
        address1: row.get(first + 5)?,
        address2: row.get(first + 6)?,
        city: row.get(first + 7)?,
        state: row.get(first + 8)?,
        postcode: row.get(first + 9)?,
        country: row.get(first + 10)?,
        tax_id: row.get(first + 11)?,
    })
}

fn customer(row: &Row<'_>) -> Result<Customer, Fault> {
    let details = CustomerDetails {
        postal: postal(row, 1)?,
        tax_exempt: row.get(13)?,
        language: row.get(14)?,
        group_id: row.get(15)?,
        grouping: coded(row.text(16)?, Grouping::parse)?,
        auto_apply_credit: row.get(17)?,
        late_fee_exempt: row.get(18)?,
        dunning_exempt: row.get(19)?,
        billing_contact_id: row.get(20)?,
        shipping_contact_id: row.get(21)?,
        default_gateway: row.get(22)?,
        custom_fields: serde_json::from_str(row.text(23)?)
            .map_err(|e| Fault::corrupt("custom fields cannot be read").caused_by(e))?,
    };
    Ok(Customer {
        id: row.get(0)?,
        details,
        currency: row.get(24)?,
        status: coded(row.text(25)?, Status::parse)?,
        tax_id_status: coded(row.text(26)?, TaxIdStatus::parse)?,
        email_verified_at: row.get(27)?,
        snapshot_id: row.get(28)?,
        created_at: row.get(29)?,
        updated_at: row.get(30)?,
        version: row.get(31)?,
    })
}

pub(crate) fn coded<T>(text: &str, parse: fn(&str) -> Option<T>) -> Result<T, Fault> {
    parse(text)
        .ok_or_else(|| Fault::corrupt(format!("{text:?} is not a known {}", std::any::type_name::<T>())))
}

pub(crate) fn profile(row: &Row<'_>) -> Result<BillingProfile, Fault> {
    let status = coded(row.text(11)?, Status::parse)?;
    let separate: bool = row.get(14)?;
    let grouping = if separate { Grouping::Separate } else { coded(row.text(6)?, Grouping::parse)? };
    let exempt: bool = row.get(10)?;
    let group_exempt: bool = row.get(15)?;
    Ok(BillingProfile {
        customer: row.get(0)?,
        currency: row.get(1)?,
        country: row.get(2)?,
        state: row.get(3)?,
        tax_exempt: row.get(4)?,
        tax_id_valid: coded(row.text(5)?, TaxIdStatus::parse)? == TaxIdStatus::Valid,
        grouping,
        snapshot_id: row.get(7)?,
        auto_apply_credit: row.get(8)?,
        late_fee_exempt: row.get(9)?,
        dunning_exempt: exempt || group_exempt,
        active: !matches!(status, Status::Banned | Status::Closed),
        default_gateway: row.get(12)?,
        group_discount_ppm: row.get(13)?,
    })
}
