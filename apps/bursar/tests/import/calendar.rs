//! What falls due when, worked out from the rows of a dump with a calendar of its own: nothing of the engine is used.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::File;
use std::path::Path;

use bursar_sqldump::{Event, Reader, RowRef};

/// A day of the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    year: i64,
    month: i64,
    day: i64,
}

impl Day {
    pub const fn new(year: i64, month: i64, day: i64) -> Self {
        Self { year, month, day }
    }

    /// Reads `2026-11-20` or a date with a time; none for "no date" and for what no calendar has.
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.get(..10)?.split('-').map(|part| part.parse::<i64>().ok());
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        let is_real = (1..=12).contains(&month) && (1..=month_length(year, month)).contains(&day);
        is_real.then_some(Self { year, month, day })
    }

    pub fn plus_days(self, days: i64) -> Self {
        let (mut it, mut left) = (self, days);
        while left > 0 {
            it.day += 1;
            if it.day > month_length(it.year, it.month) {
                (it.year, it.month) = month_after(it.year, it.month, 1);
                it.day = 1;
            }
            left -= 1;
        }
        while left < 0 {
            it.day -= 1;
            if it.day == 0 {
                (it.year, it.month) = month_after(it.year, it.month, -1);
                it.day = month_length(it.year, it.month);
            }
            left += 1;
        }
        it
    }

    /// So many months on, on the remembered day or the last one of a month that is too short for it.
    fn plus_months(self, months: i64, remembered: i64) -> Self {
        let (year, month) = month_after(self.year, self.month, months);
        Self { year, month, day: remembered.min(month_length(year, month)) }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

fn month_after(year: i64, month: i64, months: i64) -> (i64, i64) {
    let all = year * 12 + month - 1 + months;
    (all.div_euclid(12), all.rem_euclid(12) + 1)
}

fn month_length(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A period of something that was sold: `services` or `addons`, and its id in WHMCS.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    pub kind: String,
    pub id: i64,
    pub start: String,
    pub end: String,
}

/// Something that is billed again and again.
struct Sold {
    kind: &'static str,
    id: i64,
    /// The client named, and the service of an add-on that names none.
    client: i64,
    service: i64,
    months: i64,
    /// Start of the first period that has no invoice yet.
    from: Day,
    /// The day of the month it comes back to.
    remembered: i64,
}

/// What the dump says that matters for the calendar.
#[derive(Default)]
pub struct Business {
    currencies: BTreeSet<i64>,
    /// Currency of each client.
    clients: BTreeMap<i64, i64>,
    /// Client of each service.
    services: BTreeMap<i64, i64>,
    sold: Vec<Sold>,
    cancelled: BTreeSet<i64>,
    lead_days: i64,
}

impl Business {
    pub fn read(file: &Path) -> Self {
        let mut business = Self::default();
        let mut reader = Reader::open(File::open(file).unwrap()).unwrap();
        while let Some(event) = reader.next_event().unwrap() {
            if let Event::Row(row) = event {
                business.row(row);
            }
        }
        business
    }

    fn row(&mut self, row: RowRef<'_>) {
        match row.table().name.as_str() {
            "tblcurrencies" => {
                self.currencies.insert(number(row, "id"));
            }
            "tblclients" => {
                self.clients.insert(number(row, "id"), number(row, "currency"));
            }
            "tblcancelrequests" => {
                self.cancelled.insert(number(row, "relid"));
            }
            "tblconfiguration" if text(row, "setting") == "CreateInvoiceDaysBefore" => {
                self.lead_days = number(row, "value");
            }
            "tblhosting" => {
                self.services.insert(number(row, "id"), number(row, "userid"));
                self.sold.extend(sold("services", row, "domainstatus"));
            }
            "tblhostingaddons" => self.sold.extend(sold("addons", row, "status")),
            _ => {}
        }
    }

    /// Everything that is billed by a run on each of the days after `on`, by the day of the run. What is late is billed by
    /// the first.
    pub fn falls_due(&self, on: Day, days: i64) -> BTreeMap<String, BTreeSet<Due>> {
        let (first, last) = (on.plus_days(1), on.plus_days(days));
        let mut due: BTreeMap<String, BTreeSet<Due>> = BTreeMap::new();
        for sold in self.sold.iter().filter(|sold| self.is_billed(sold)) {
            for n in 0.. {
                let at = |n: i64| sold.from.plus_months(n * sold.months, sold.remembered);
                let start = if n == 0 { sold.from } else { at(n) };
                let invoiced = start.plus_days(-self.lead_days);
                if invoiced > last {
                    break;
                }
                let run = invoiced.max(first).to_string();
                let (start, end) = (start.to_string(), at(n + 1).to_string());
                due.entry(run).or_default().insert(Due {
                    kind: sold.kind.to_owned(),
                    id: sold.id,
                    start,
                    end,
                });
            }
        }
        due
    }

    /// A client with a currency pays, and nobody wished it to end.
    fn is_billed(&self, sold: &Sold) -> bool {
        let client = if sold.client == 0 { self.services.get(&sold.service) } else { Some(&sold.client) };
        let currency = client.and_then(|client| self.clients.get(client));
        let is_wanted = sold.kind == "addons" || !self.cancelled.contains(&sold.id);
        is_wanted && currency.is_some_and(|currency| self.currencies.contains(currency))
    }
}

fn sold(kind: &'static str, row: RowRef<'_>, status: &str) -> Option<Sold> {
    if !matches!(text(row, status).as_str(), "Active" | "Suspended") {
        return None;
    }
    let cycle: String =
        text(row, "billingcycle").to_lowercase().chars().filter(|letter| letter.is_alphabetic()).collect();
    let months = match cycle.as_str() {
        "monthly" => 1,
        "quarterly" => 3,
        "semiannually" => 6,
        "annually" => 12,
        "biennially" => 24,
        "triennially" => 36,
        _ => return None,
    };
    let day = |column| Day::parse(&text(row, column));
    // An invoice for the day that is due exists when the next one is looked for later.
    let from = day("nextduedate")?.max(day("nextinvoicedate").unwrap_or(Day::new(0, 1, 1)));
    let begun = day("regdate").map_or(from.day, |begun| begun.day);
    let falls_on = begun.min(month_length(from.year, from.month)) == from.day;
    Some(Sold {
        kind,
        id: number(row, "id"),
        client: number(row, "userid"),
        service: if kind == "addons" { number(row, "hostingid") } else { 0 },
        months,
        from,
        remembered: if falls_on { begun } else { from.day },
    })
}

fn text(row: RowRef<'_>, column: &str) -> String {
    let bytes = row.get(column).and_then(|field| field.as_bytes()).unwrap_or_default();
    String::from_utf8_lossy(bytes).into_owned()
}

fn number(row: RowRef<'_>, column: &str) -> i64 {
    text(row, column).parse().unwrap_or(0)
}

#[test]
fn the_calendar_of_the_tests_knows_month_ends_and_leap_years() {
    let day = Day::new(2024, 1, 31);
    assert_eq!(day.plus_months(1, 31), Day::new(2024, 2, 29));
    assert_eq!(day.plus_months(13, 31), Day::new(2025, 2, 28));
    assert_eq!(Day::new(2024, 3, 14).plus_days(-14), Day::new(2024, 2, 29));
    assert_eq!(Day::new(1999, 12, 31).plus_days(61), Day::new(2000, 3, 1));
    assert_eq!(Day::parse("2026-02-31"), None);
    assert_eq!(Day::parse("0000-00-00 00:00:00"), None);
}
