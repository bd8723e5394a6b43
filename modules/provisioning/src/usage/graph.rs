//! What a service used as lines to draw: pure, and in whole numbers.

use bursar_time::Instant;
use bursar_web::size_text;
use serde_json::{Value, json};

use super::UsageLine;

const WIDTH: i64 = 600;
const HEIGHT: i64 = 100;
/// Readings further apart than this are not joined: nobody knows what was between.
const GAP_MICROS: i64 = 26 * 3_600_000_000;

/// What one drawing shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    Cpu,
    Memory,
    Disk,
    Traffic,
}

impl Measure {
    const ALL: [Self; 4] = [Self::Cpu, Self::Memory, Self::Disk, Self::Traffic];

    fn code(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::Disk => "disk",
            Self::Traffic => "traffic",
        }
    }

    /// Its lines, by the word for what they are where there is more than one.
    fn lines(self) -> &'static [(&'static str, fn(&UsageLine) -> Option<i64>)] {
        match self {
            Self::Cpu => &[("", |it| it.cpu_ppm)],
            Self::Memory => &[("", |it| it.memory_bytes)],
            Self::Disk => &[("", |it| it.disk_bytes)],
            Self::Traffic => &[("in", |it| it.in_bytes), ("out", |it| it.out_bytes)],
        }
    }

    fn text(self, value: i64) -> String {
        match self {
            Self::Cpu => percent(value),
            Self::Memory | Self::Disk | Self::Traffic => size_text(value),
        }
    }
}

/// Every drawing for which there is something to draw, for a template.
pub(crate) fn drawn(lines: &[UsageLine], from: Instant, to: Instant) -> Vec<Value> {
    let all = Measure::ALL.into_iter().filter_map(|measure| {
        let series = measure.lines();
        let values = |of: fn(&UsageLine) -> Option<i64>| lines.iter().filter_map(of);
        let most = series.iter().flat_map(|(_, of)| values(*of)).max()?;
        // A drawing of processors that idle is not blown up to its full height.
        let top = if measure == Measure::Cpu { most.max(100_000) } else { most.max(1) };
        let drawn = series.iter().map(|(name, of)| {
            let points: Vec<(i64, i64)> =
                lines.iter().filter_map(|line| Some((line.at.micros(), of(line)?))).collect();
            let sum: i64 = points.iter().map(|(_, value)| *value).fold(0, i64::saturating_add);
            json!({
                "name": name, "path": path(&points, from.micros(), to.micros(), top),
                "last": points.last().map(|(_, value)| measure.text(*value)), "sum": measure.text(sum),
            })
        });
        Some(json!({
            "kind": measure.code(), "most": measure.text(most), "top": measure.text(top),
            "is_summed": measure == Measure::Traffic, "lines": drawn.collect::<Vec<_>>(),
            "width": WIDTH, "height": HEIGHT,
        }))
    });
    all.collect()
}

/// A line through points, broken where readings are missing. A point by itself is a short stroke.
fn path(points: &[(i64, i64)], from: i64, to: i64, top: i64) -> String {
    let scaled = |part: i64, whole: i64, size: i64| {
        let scaled = i128::from(part) * i128::from(size) / i128::from(whole.max(1));
        i64::try_from(scaled).unwrap_or(size).clamp(0, size)
    };
    let mut path = String::new();
    let mut before: Option<i64> = None;
    for (at, value) in points {
        let (x, y) = (scaled(at - from, to - from, WIDTH), HEIGHT - scaled(*value, top, HEIGHT));
        let is_joined = before.is_some_and(|before| at - before <= GAP_MICROS);
        path.push_str(&if is_joined { format!("L{x} {y}") } else { format!("M{x} {y}h1") });
        before = Some(*at);
    }
    path
}

/// Parts per million as a percentage with one decimal, rounded down.
fn percent(ppm: i64) -> String {
    format!("{}.{} %", ppm / 10_000, ppm / 1_000 % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000_000;

    fn line(hour: i64, cpu_ppm: Option<i64>, out_bytes: Option<i64>) -> UsageLine {
        let at = Instant::from_micros(hour * HOUR);
        UsageLine { at, cpu_ppm, memory_bytes: None, disk_bytes: None, in_bytes: out_bytes, out_bytes }
    }

    #[test]
    fn shares_are_written_for_people() {
        assert_eq!([percent(0), percent(123_456), percent(1_000_000)], ["0.0 %", "12.3 %", "100.0 %"]);
    }

    #[test]
    fn a_line_is_broken_where_nobody_measured() {
        let (from, to) = (0, 100 * HOUR);
        assert_eq!(path(&[(0, 0), (10 * HOUR, 50), (20 * HOUR, 100)], from, to, 100), "M0 100h1L60 50L120 0");
        assert_eq!(path(&[(0, 0), (50 * HOUR, 100)], from, to, 100), "M0 100h1M300 0h1");
        assert_eq!(path(&[(-5 * HOUR, 500)], from, to, 100), "M0 0h1", "nothing leaves the frame");
        assert_eq!(path(&[], from, to, 100), "");
    }

    #[test]
    fn only_what_was_measured_is_drawn() {
        let to = Instant::from_micros(24 * HOUR);
        assert_eq!(drawn(&[], Instant::EPOCH, to), Vec::<Value>::new());
        let lines =
            [line(0, Some(50_000), None), line(12, None, Some(1_024)), line(24, Some(25_000), Some(2_048))];
        let all = drawn(&lines, Instant::EPOCH, to);
        let kinds: Vec<_> = all.iter().map(|it| it["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["cpu", "traffic"]);
        // 5 % of a drawing that reaches to 10 % stands at half its height, 2.5 % at a quarter.
        assert_eq!(all[0]["lines"][0]["path"], "M0 50h1L600 75");
        assert_eq!((&all[0]["most"], &all[0]["top"]), (&json!("5.0 %"), &json!("10.0 %")));
        assert_eq!(
            (&all[1]["lines"][1]["sum"], &all[1]["lines"][1]["last"]),
            (&json!("3 KiB"), &json!("2 KiB"))
        );
    }
}
