//! A fixed set of seeds, every day of them audited. A seed that once found something has a test of its own below.

use bursar_sim::{Plan, Story, simulate};

fn live(plan: &Plan) -> Story {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime starts");
    runtime.block_on(simulate(plan))
}

#[track_caller]
fn all_is_well(plan: &Plan) -> Story {
    let story = live(plan);
    let (trace, findings, replay) = (&story.trace, &story.findings, plan.replay());
    assert!(findings.is_empty(), "{trace}\nseed {}: {findings:#?}\nreplay: {replay}", plan.seed);
    story
}

macro_rules! seeds {
    ($($name:ident = $seed:literal),+ $(,)?) => {
        $(#[test]
        fn $name() {
            all_is_well(&Plan::new($seed, 90));
        })+
    };
}

seeds! {
    seed_1 = 1, seed_2 = 2, seed_3 = 3, seed_4 = 4, seed_5 = 5, seed_6 = 6,
    seed_7 = 7, seed_8 = 8, seed_9 = 9, seed_10 = 10, seed_11 = 11, seed_12 = 12,
}

#[test]
fn the_same_seed_tells_the_same_story() {
    let (first, second) = (live(&Plan::new(99, 25)), live(&Plan::new(99, 25)));
    assert!(first.trace.len() > 50, "something happens");
    assert_eq!(first.trace.to_string(), second.trace.to_string());
    assert_ne!(first.trace, live(&Plan::new(98, 25)).trace);
}

#[test]
fn the_simulated_company_is_busy_and_goes_down_often() {
    let story = all_is_well(&Plan::new(6, 60));
    assert!(story.subscriptions > 30 && story.documents > 80 && story.payments > 50, "{story:?}");
    assert!(story.crashes > 5, "{} crashes", story.crashes);
}

/// Found by seeds 4, 7, 16, 17, 32 and 36: a payment that was recorded, and whose answer a crash had swallowed, was
/// refused when staff sent the same form again, because its invoice was paid by then.
#[test]
fn a_payment_form_sent_again_after_a_crash_is_taken_as_done() {
    // A crash falls elsewhere with everything that is done besides: often enough, one falls here.
    let again = (106..109).find_map(|seed| {
        let story = all_is_well(&Plan { crash_ppm: Some(40_000), ..Plan::new(seed, 60) });
        let lines: Vec<String> = story.trace.lines().collect();
        lines.windows(2).find(|pair| pair[0].ends_with("at the bank: a crash")).map(<[String]>::to_vec)
    });
    let again = again.expect("one of these seeds crashes while a payment is recorded");
    assert!(again[1].ends_with("at the bank: yes"), "{again:?}");
}
