//! Bytes for people.

/// Bytes in the largest unit of which there is one, rounded down to a tenth; a tenth that is none is left out.
///
/// ```
/// assert_eq!(bursar_web::size_text(1_536), "1.5 KiB");
/// ```
pub fn size_text(bytes: i64) -> String {
    const UNITS: [&str; 6] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
    let mut unit = 1_i64;
    let mut place = 0;
    while bytes / unit >= 1_024 && place + 1 < UNITS.len() {
        (unit, place) = (unit * 1_024, place + 1);
    }
    let (whole, tenth) = (bytes / unit, i128::from(bytes % unit) * 10 / i128::from(unit));
    let name = UNITS[place];
    if tenth == 0 { format!("{whole} {name}") } else { format!("{whole}.{tenth} {name}") }
}

#[cfg(test)]
mod tests {
    use super::size_text;

    #[test]
    fn sizes_are_in_a_unit_that_people_read() {
        let shown = [0, 1_023, 1_024, 1_536, 2_047, 5 << 30, 64 << 30, i64::MAX].map(size_text);
        let read = ["0 B", "1023 B", "1 KiB", "1.5 KiB", "1.9 KiB", "5 GiB", "64 GiB", "8191.9 PiB"];
        assert_eq!(shown, read);
    }
}
