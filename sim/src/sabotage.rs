//! Faults that no honest run has, so that a test can show that the auditor would see them.

use bursar_context::settings;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_gateway::{ChargeRequest, Gateway as _, IdempotencyKey, MethodToken, Presence};
use bursar_gateway_sandbox::{ChargeStatus, FaultPlan, SandboxGateway, cards};
use bursar_hosting::{Customer, Hosting as _, Operation, Password, Resource, Specification, Tag};
use bursar_hosting_sandbox::{Machine, SandboxHosting, Stage};
use bursar_money::Money;
use bursar_ordering::settings::OrderSettings;
use bursar_outbound::{Call, Credentials, DEFAULT_TIMEOUT, Settings};
use bursar_provisioning::settings::{MoneyBack, ProvisioningSettings};

use crate::workload::{Fate, World};

bursar_db::statements! {
    /// A credit note gives a little more back for what did not happen than was asked for it.
    GENEROUS = "UPDATE billing_lines SET gross_minor = gross_minor + 1, net_minor = net_minor + 1
        WHERE (invoice_id, line_no) = (
            SELECT l.invoice_id, l.line_no FROM billing_lines l
            JOIN billing_invoices i ON i.id = l.invoice_id JOIN billing_subscriptions s ON s.id = l.subscription_id
            WHERE i.kind = 'credit_note' AND s.cancel_reason = 'We could not set it up.'
            ORDER BY l.invoice_id DESC, l.line_no DESC LIMIT 1)";
    /// Nobody looks any more whether what was paid for was made.
    UNWATCHED = "DELETE FROM kernel_jobs WHERE kind = 'provisioning.give_money_back'";
    /// The newest invoice gets the number after its own.
    GAP = "UPDATE billing_invoices SET sequence = sequence + 1
        WHERE id = (SELECT id FROM billing_invoices WHERE kind = 'invoice' AND sequence IS NOT NULL
                    ORDER BY series DESC, sequence DESC LIMIT 1)";
    /// The newest period ends a day later than it should.
    SHIFTED = "UPDATE billing_lines SET end_on = date(end_on, '+1 day')
        WHERE kind = 'recurring' AND invoice_id = (
            SELECT MAX(i.id) FROM billing_invoices i JOIN billing_lines l ON l.invoice_id = i.id
            WHERE l.kind = 'recurring' AND i.kind = 'invoice' AND i.state IN ('open', 'paid'))";
    /// An allocation is forgotten.
    FORGOTTEN = "DELETE FROM billing_allocations WHERE id = (SELECT MAX(id) FROM billing_allocations WHERE reversed_at IS NULL)";
    /// Somebody's credit grows by itself.
    GIFT = "UPDATE billing_credit_balances SET balance_minor = balance_minor + 1
        WHERE customer_id = (SELECT MAX(customer_id) FROM billing_credit_balances)";
}

/// What is done behind everybody's back on the last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sabotage {
    /// A customer is charged a second time for what they paid.
    DoubleCharge,
    /// A number is left out.
    NumberGap,
    /// A line bills another period than it should.
    WrongPeriod,
    /// A payment's use is forgotten.
    LostAllocation,
    /// Credit comes from nowhere.
    FreeCredit,
    /// A machine is made a second time for what has one.
    SecondMachine,
    /// A machine that is paid for disappears.
    LostMachine,
    /// A machine that is paid for is suspended.
    LockedMachine,
    /// A machine is made a second time under its own name, on another node.
    TwinMachine,
    /// Money is kept for a machine that never was: whoever should have looked does not.
    KeptMoney,
    /// Money for a machine that never was is given back a second time.
    GivenTwice,
}

impl Sabotage {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::DoubleCharge,
        Self::NumberGap,
        Self::WrongPeriod,
        Self::LostAllocation,
        Self::FreeCredit,
        Self::SecondMachine,
        Self::LostMachine,
        Self::LockedMachine,
        Self::TwinMachine,
        Self::KeptMoney,
        Self::GivenTwice,
    ];

    pub(crate) async fn commit(self, world: &mut World) -> Result<(), Fault> {
        let statement = match self {
            Self::DoubleCharge => return double_charge(world).await,
            Self::SecondMachine | Self::LostMachine | Self::LockedMachine | Self::TwinMachine => {
                return at_the_panel(world, self).await;
            }
            Self::KeptMoney => return kept_money(world).await,
            Self::GivenTwice => &GENEROUS,
            Self::NumberGap => &GAP,
            Self::WrongPeriod => &SHIFTED,
            Self::LostAllocation => &FORGOTTEN,
            Self::FreeCredit => &GIFT,
        };
        world.office.spy.write(async move |tx: &mut Tx| tx.exec(statement, params![]).await.map(drop)).await
    }
}

/// As a program would do that makes a new key when the answer to the first call was lost.
async fn double_charge(world: &World) -> Result<(), Fault> {
    let processor = &world.office.processor;
    processor.set_plan(FaultPlan::calm());
    let paid = processor.charges().into_iter().find(|c| matches!(c.status, ChargeStatus::Captured { .. }));
    let Some(paid) = paid else { return Err(Fault::new("nobody has paid yet")) };
    let currency = paid.currency.parse().map_err(|_| Fault::new("the vendor has a currency of its own"))?;
    let request = ChargeRequest {
        key: IdempotencyKey::new(format!("{}:again", paid.key)).map_err(|e| Fault::wrap("a key", e))?,
        amount: Money::new(paid.amount_minor, currency),
        method: Some(MethodToken::new(cards::VISA)),
        customer: paid.customer,
        description: "again".to_owned(),
        return_url: None,
        presence: Presence::Present,
    };
    let call = Call::new(world.office.clock_now(), DEFAULT_TIMEOUT, processor.credentials());
    let gateway = SandboxGateway::new(std::sync::Arc::clone(processor));
    gateway.charge(&call, &request).await.map(drop).map_err(|e| Fault::wrap("charging again", e))
}

/// As a program would do that forgets what it has made, or a person who is signed in to the panel.
async fn at_the_panel(world: &World, what: Sabotage) -> Result<(), Fault> {
    let (panel, now) = (&world.office.panel, world.office.clock_now());
    panel.set_plan(bursar_hosting_sandbox::FaultPlan::calm());
    let is_running = |machine: &Machine| machine.stage == Stage::Running && !machine.suspended;
    let Some(machine) = panel.machines(now).into_iter().find(is_running) else {
        return Err(Fault::new("nothing runs yet"));
    };
    let credentials = Credentials::none().with("api_key", "sandbox-api-key");
    let node = if what == Sabotage::TwinMachine { "node-4" } else { &*machine.node };
    let call =
        Call::new(now, DEFAULT_TIMEOUT, credentials).with_settings(Settings::none().with("node", node));
    let hosting = SandboxHosting::new(std::sync::Arc::clone(panel));
    let named = |tag: &str| Tag::new(tag).map_err(|e| Fault::wrap("a tag", e));
    let key = bursar_hosting::IdempotencyKey::new("by-hand").map_err(|e| Fault::wrap("a key", e))?;
    let of = |tag| Operation { key: key.clone(), resource: Resource::tagged(tag), task: None };
    let done = match what {
        Sabotage::SecondMachine => {
            let again = of(named("sim-again")?);
            hosting.create(&call, &again, &like(&machine)).await.map(drop)
        }
        Sabotage::TwinMachine => {
            hosting.create(&call, &of(named(&machine.tag)?), &like(&machine)).await.map(drop)
        }
        Sabotage::LostMachine => hosting.terminate(&call, &of(named(&machine.tag)?)).await.map(drop),
        _ => hosting.suspend(&call, &of(named(&machine.tag)?), "by hand").await.map(drop),
    };
    done.map_err(|e| Fault::wrap("at the panel", e))
}

/// As a program would do that forgets its promises: an order is paid for that can never be made, and nobody looks.
async fn kept_money(world: &mut World) -> Result<(), Fault> {
    world.office.chaos.set_rate(0);
    world.model.money_back = MoneyBack::Credit;
    let rules = ProvisioningSettings { money_back: MoneyBack::Credit, ..ProvisioningSettings::default() };
    let orders = OrderSettings { review_first_order: false, ..OrderSettings::default() };
    let spy = world.office.spy.clone();
    spy.write(async move |tx: &mut Tx| {
        settings::set(tx, bursar_provisioning::settings::KEY, &rules).await?;
        settings::set(tx, bursar_ordering::settings::KEY, &orders).await
    })
    .await?;
    let good = world.shelf.goods.iter().copied().find(|good| good.fate == Fate::NoRoom);
    let good = good.ok_or_else(|| Fault::new("everything can be made"))?;
    world.put_in_cart(0, good, 1).await?;
    let order = world.check_out(0).await?.ok_or_else(|| Fault::new("nothing was ordered"))?;
    world.pay_in_full(order.invoice).await?;
    world.office.pump().await?;
    spy.write(async |tx: &mut Tx| tx.exec(&UNWATCHED, params![]).await.map(drop)).await
}

fn like(machine: &Machine) -> Specification {
    Specification {
        plan: machine.plan.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
        name: machine.name.clone(),
        customer: Customer {
            number: 1,
            email: "somebody@example.net".to_owned(),
            first_name: "Some".to_owned(),
            last_name: "Body".to_owned(),
        },
        password: Password::new("not-a-secret-of-anybody"),
        addresses: Vec::new(),
        ssh_keys: Vec::new(),
    }
}
