use std::collections::BTreeMap;

use bursar_ids::Rng;

use super::{Pages, Queue, Repeats, Scratch, record};
use crate::whmcs::amount::Hundredths;

record! {
    struct Figures {
        client: i64,
        sum: Hundredths,
        count: u64,
        is_paid: bool,
    }
}

fn scratch() -> (tempfile::TempDir, Scratch) {
    let folder = tempfile::tempdir().expect("a folder");
    let scratch = Scratch::new(folder.path().to_owned());
    (folder, scratch)
}

/// Far more records than the pages in memory hold, in and out of order, against a map.
#[test]
fn records_are_what_they_were_set_to_whatever_was_put_away_meanwhile() {
    let (_folder, scratch) = scratch();
    let (pages, mut model) = (Pages::<Figures>::new(&scratch), BTreeMap::new());
    let mut rng = Rng::from_seed(3);
    for n in 0..300_000_i64 {
        let id = match n % 3 {
            0 => n,
            1 => i64::try_from(rng.below(400_000)).expect("small") - 1_000,
            _ => 7_000_000_000_000 + n,
        };
        let figures = pages.update(id, |it| {
            it.client = n;
            it.sum += Hundredths(i128::from(n) - 5);
            it.count += 1;
            it.is_paid = n % 2 == 0;
        });
        let known: &mut Figures = model.entry(id).or_default();
        known.client = n;
        known.sum += Hundredths(i128::from(n) - 5);
        known.count += 1;
        known.is_paid = n % 2 == 0;
        assert_eq!(figures, *known);
    }
    assert_eq!(pages.get(-2_000), None);
    assert!(pages.has(0) && !pages.has(6_999_999_999_999));
    let mut found = Vec::new();
    pages.each(|id, figures| found.push((id, figures)));
    assert_eq!(found, model.into_iter().collect::<Vec<_>>());
    scratch.check().expect("no file failed");
}

/// 600,000 keys, of which every tenth occurs twice and one three times: two sorted parts in the file and a rest.
#[test]
fn keys_that_repeat_are_counted_across_the_parts() {
    let (_folder, scratch) = scratch();
    let mut repeats = Repeats::new(&scratch);
    for n in 0..540_000 {
        repeats.add(&["stripe", &n.to_string()]);
    }
    for n in (0..540_000).step_by(10) {
        repeats.add(&["stripe", &n.to_string()]);
    }
    repeats.add(&["stripe", "0"]);
    // The same letters cut otherwise are another key.
    repeats.add(&["strip", "e0"]);
    let mut times: BTreeMap<u64, u64> = BTreeMap::new();
    repeats.finish(|count| *times.entry(count).or_default() += 1);
    assert_eq!(times, BTreeMap::from([(1, 486_001), (2, 53_999), (3, 1)]));
    scratch.check().expect("no file failed");
}

#[test]
fn a_queue_gives_its_rows_back_in_order() {
    let (_folder, scratch) = scratch();
    let mut queue = Queue::new(&scratch);
    for n in 0..5_000 {
        queue.push(&(n, format!("row\n{n}")));
    }
    assert_eq!(queue.len(), 5_000);
    let rows: Vec<(i32, String)> =
        queue.into_rows().expect("it reads back").collect::<Result<_, _>>().expect("every row reads back");
    assert!(rows.iter().zip(0..).all(|(row, n)| *row == (n, format!("row\n{n}"))) && rows.len() == 5_000);
}

#[test]
fn a_file_that_cannot_be_made_is_told_before_anything_rests_on_it() {
    let scratch = Scratch::new("/nowhere/at/all".into());
    let mut queue = Queue::new(&scratch);
    queue.push(&1);
    let error = scratch.check().expect_err("there is no such folder").to_string();
    assert!(error.contains("/nowhere/at/all"), "{error}");
    scratch.check().expect("it is told once");
}
