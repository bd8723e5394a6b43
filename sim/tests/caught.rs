//! The auditor can fail: what is done behind everybody's back is found, by the check that is there for it.

use bursar_sim::{Plan, Sabotage, simulate};

fn findings(sabotage: Sabotage) -> Vec<String> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime starts");
    let plan = Plan { sabotage: Some(sabotage), ..Plan::new(5, 20) };
    runtime.block_on(simulate(&plan)).findings
}

#[test]
fn an_honest_run_of_this_seed_has_no_findings() {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime starts");
    assert_eq!(runtime.block_on(simulate(&Plan::new(5, 20))).findings, Vec::<String>::new());
}

#[test]
fn every_sabotage_is_found_by_its_check() {
    for (sabotage, check) in [
        (Sabotage::DoubleCharge, "charge that nobody asked for"),
        (Sabotage::NumberGap, "belongs"),
        (Sabotage::WrongPeriod, "was not billed"),
        (Sabotage::LostAllocation, "is settled by"),
        (Sabotage::FreeCredit, "customer_credit has"),
        (Sabotage::SecondMachine, "and nobody owns it"),
        (Sabotage::LostMachine, " machines of "),
        (Sabotage::LockedMachine, "is suspended and should be running"),
        (Sabotage::TwinMachine, " twice"),
        (Sabotage::KeptMoney, "which is neither there nor given back"),
        (Sabotage::GivenTwice, "did not happen, and -1 of it is left"),
    ] {
        let found = findings(sabotage);
        assert!(found.iter().any(|finding| finding.contains(check)), "{sabotage:?}: {found:?}");
    }
}
