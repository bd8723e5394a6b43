//! Random lives of customers: whatever happens in whatever order, every check holds.

use std::cell::RefCell;
use std::collections::BTreeMap;

use bursar_billing::BillError;
use bursar_billing::invoices::credit_note::Part;
use bursar_billing::invoices::draft::DraftLine;
use bursar_billing::invoices::line::LineKind;
use bursar_billing::invoices::overdue::{charge_late_fees, notice_overdue};
use bursar_billing::invoices::void::void_invoice;
use bursar_billing::invoices::write_off::write_off_invoice;
use bursar_billing::revenue::recognise;
use bursar_billing::settings::BillingSettings;
use bursar_billing::settle::{
    PayRequest, RefundFrom, RefundRequest, RefundTo, adjust_credit, apply_credit_to_invoice, pay_invoices,
    refund,
};
use bursar_gateway_sandbox::{FaultPlan, cards};
use bursar_ids::Rng;
use bursar_time::plus_days;

use crate::office::{Office, eur, manual, on_both, on_sqlite};

struct World<'o> {
    office: &'o Office,
    rng: Rng,
    customers: Vec<(i64, i64)>,
    invoices: Vec<(i64, i64)>,
    payments: Vec<(i64, i64)>,
    steps: u64,
    done: BTreeMap<u64, u32>,
}

impl World<'_> {
    fn below(&mut self, n: u64) -> i64 {
        i64::try_from(self.rng.below(n)).unwrap()
    }

    fn pick(&mut self, among: &[(i64, i64)]) -> (i64, i64) {
        *self.rng.pick(among).unwrap_or(&(0, 0))
    }

    async fn step(&mut self) {
        self.steps += 1;
        let office = self.office;
        let customers = self.customers.clone();
        let (customer, method) = self.pick(&customers);
        let invoices = self.invoices.clone();
        let (invoice, owner) = self.pick(&invoices);
        let payments = self.payments.clone();
        let (payment, _) = self.pick(&payments);
        let minor = 1 + self.below(9_000);
        let key = format!("step-{}", self.steps);
        let act = self.rng.below(13);
        let outcome: Result<(), BillError> = match act {
            0 | 1 => {
                let lines = self.some_lines();
                let id = office.invoice_of(customer, lines).await;
                self.invoices.push((id, customer));
                Ok(())
            }
            2 | 3 => {
                let open = if invoice == 0 { 0 } else { office.document(invoice).await.open_minor() };
                let purpose = if open > 0 { vec![(invoice, open.min(minor))] } else { Vec::new() };
                let payer = if open > 0 { owner } else { customer };
                office.try_receive(payer, minor, purpose, &key).await.map(|got| {
                    self.payments.push((got.payment_id, payer));
                })
            }
            4 => office.credit_note(invoice, Part::Amount(minor)).await.map(drop),
            5 => office.credit_note(invoice, Part::Whole).await.map(drop),
            6 => void_invoice(&office.cx, invoice, "random".into()).await,
            7 => {
                let from = match self.rng.below(3) {
                    0 => RefundFrom::Credit,
                    1 => RefundFrom::CreditNote { invoice_id: invoice },
                    _ => RefundFrom::Reopen { invoice_id: invoice },
                };
                let to = [RefundTo::Gateway, RefundTo::ByHand, RefundTo::Credit][self.rng.below(3) as usize];
                let amount = eur(minor / 3 + 1);
                let reason = "random".to_owned();
                let request = RefundRequest { payment_id: payment, amount, to, from, reason, form_key: key };
                refund(&office.cx, request).await.map(drop)
            }
            8 => {
                let request = PayRequest {
                    customer: owner,
                    invoices: vec![invoice],
                    gateway: "sandbox".into(),
                    method: Some(method),
                    is_present: true,
                    return_url: None,
                    reason: key,
                };
                pay_invoices(&office.cx, request).await.map(|id| self.payments.push((id.get(), owner)))
            }
            9 => {
                let sign = if self.rng.below(2) == 0 { 1 } else { -1 };
                adjust_credit(&office.cx, customer, eur(sign * minor), "random".into()).await.map(drop)
            }
            10 => apply_credit_to_invoice(&office.cx, invoice, None).await.map(drop),
            11 => self.pass_time().await,
            _ if self.rng.below(4) == 0 => write_off_invoice(&office.cx, invoice, "random".into()).await,
            _ => {
                office.drain().await;
                Ok(())
            }
        };
        match outcome {
            Ok(()) => *self.done.entry(act).or_default() += 1,
            Err(BillError::Fault(fault)) => panic!("step {}: {}", self.steps, fault.chain()),
            Err(_) => {} // refused, as it should be
        }
    }

    fn some_lines(&mut self) -> Vec<DraftLine> {
        let mut lines = Vec::new();
        for _ in 0..=self.below(3) {
            let unit = 1 + self.below(5_000);
            lines.push(manual("Work", 1 + self.below(3), unit, self.rng.below(2) == 0));
        }
        if self.rng.below(3) == 0 {
            let start = plus_days(self.office.cx.today(), self.below(20)).unwrap();
            let end = plus_days(start, 1 + self.below(200)).unwrap();
            lines[0].period = Some(bursar_time::Period::new(start, end).unwrap());
        }
        if self.rng.below(4) == 0 {
            lines.push(DraftLine { kind: LineKind::AddFunds, ..manual("Deposit", 1, 700, false) });
        }
        if self.rng.below(4) == 0 {
            lines.push(manual("Goodwill", 1, -1, true));
        }
        lines
    }

    async fn pass_time(&mut self) -> Result<(), BillError> {
        let office = self.office;
        let days = 1 + self.below(20);
        office.cx.test_clock().advance_seconds(days * 86_400);
        let today = office.cx.today();
        notice_overdue(&office.cx, today).await?;
        charge_late_fees(&office.cx, today).await?;
        let last_month = plus_days(today.first_of_month(), -1).unwrap();
        recognise(&office.cx, last_month).await?;
        bursar_payments::reconcile(&office.cx, &office.gateways, 100).await.unwrap();
        Ok(())
    }
}

async fn live(office: &Office, seed: u64, steps: u64, is_stormy: bool) -> BTreeMap<u64, u32> {
    let fees = BillingSettings { late_fee_ppm: 20_000, late_fee_days: 5, ..BillingSettings::default() };
    office.settings(fees).await;
    let mut customers = Vec::new();
    for card in [cards::VISA, cards::REFUND_FAILS, cards::PENDING, cards::AUTHENTICATE] {
        let customer = office.customer().await;
        customers.push((customer, office.card(customer, card).await));
    }
    if is_stormy {
        office.processor.set_plan(FaultPlan::stormy(seed));
    }
    let rng = Rng::from_seed(seed);
    let (invoices, payments) = (Vec::new(), Vec::new());
    let mut world = World { office, rng, customers, invoices, payments, steps: 0, done: BTreeMap::new() };
    for step in 0..steps {
        world.step().await;
        if step % 20 == 0 {
            office.audit().await;
        }
    }
    office.drain().await;
    world.done
}

#[test]
fn whatever_happens_every_check_holds() {
    let done = RefCell::new(BTreeMap::<u64, u32>::new());
    for seed in 1..=6 {
        on_sqlite(&async |office: &Office| {
            for (act, times) in live(office, seed, 120, seed % 2 == 0).await {
                *done.borrow_mut().entry(act).or_default() += times;
            }
        });
    }
    // A life in which everything is refused proves nothing.
    let done = done.into_inner();
    assert!((0..13).all(|act| done.get(&act).copied().unwrap_or(0) >= 5), "{done:?}");
}

#[test]
fn whatever_happens_every_check_holds_on_both_engines() {
    on_both(async |office| drop(live(office, 77, 60, true).await));
}
