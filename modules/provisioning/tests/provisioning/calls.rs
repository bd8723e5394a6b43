//! How a server answered, counted.

use bursar_db::Tx;
use bursar_hosting_sandbox::CallTrouble;
use bursar_provisioning::calls::{Calls, of_last_hours};
use bursar_provisioning::failing_servers;

use crate::house::{House, on_both};

async fn last_day(house: &House) -> Vec<(i64, Calls)> {
    let found = house.cx.read(async |tx: &mut Tx| of_last_hours(tx, 24, 10).await).await.unwrap();
    found.into_iter().collect()
}

/// Refused once, lost once after the effect, and then seen: three calls of which two had no outcome and two were
/// repetitions.
#[test]
fn what_was_not_answered_and_what_was_repeated_is_counted_until_the_day_is_over() {
    on_both(async |house| {
        assert_eq!(last_day(house).await, []);
        house.panel.next_calls([CallTrouble::Refuse, CallTrouble::LoseAfter]);
        let id = house.start().await;
        house.settle_within(1).await;
        assert_eq!(house.calls(id).await.len(), 3, "{:?}", house.calls(id).await);
        let found = last_day(house).await;
        let server = house.server().await;
        assert_eq!(found.len(), 1);
        let (of, calls) = found[0];
        assert_eq!((of, calls.calls, calls.failed, calls.repeated), (server, 3, 2, 2));
        assert_eq!((calls.answered_percent(), calls.within_second, calls.within_ten_seconds), (33, 3, 3));
        let failing = house.cx.read(async |tx: &mut Tx| failing_servers(tx, 10).await).await.unwrap();
        assert_eq!(failing, [], "two failures are not five");
        house.cx.test_clock().advance_seconds(25 * 3_600);
        assert_eq!(last_day(house).await, []);
    });
}
