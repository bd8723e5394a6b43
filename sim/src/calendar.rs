//! A calendar for the auditor that shares nothing with the product's: it walks day by day and asks of each day whether
//! a period begins on it. Slow, and simple enough to be believed.

use bursar_time::Date;

/// Where periods begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beat {
    /// Every so many days from a day on.
    Days {
        /// A day on which a period begins.
        from: Date,
        /// Days between two beginnings.
        step: i32,
    },
    /// Every so many months, on a day of the month, or on the month's last day when it is shorter.
    Months {
        /// A day in a month in which a period begins.
        from: Date,
        /// Months between two beginnings.
        step: i32,
        /// 1 to 31.
        day: i8,
    },
}

impl Beat {
    /// Whether a period begins on this day.
    pub fn begins_on(&self, date: Date) -> bool {
        match *self {
            Self::Days { from, step } => {
                let (mut day, mut n) = (from.min(date), 0);
                while day < from.max(date) {
                    day = next_day(day);
                    n += 1;
                }
                n % step == 0
            }
            Self::Months { from, step, day } => {
                let months = (i32::from(date.year()) - i32::from(from.year())) * 12 + i32::from(date.month())
                    - i32::from(from.month());
                let is_last = next_day(date).month() != date.month();
                months.rem_euclid(step) == 0 && (date.day() == day || (is_last && date.day() < day))
            }
        }
    }

    /// The first beginning after a day.
    pub fn next_after(&self, date: Date) -> Date {
        let mut day = next_day(date);
        while !self.begins_on(day) {
            day = next_day(day);
        }
        day
    }

    /// The last beginning on or before a day.
    pub fn last_until(&self, date: Date) -> Date {
        let mut day = date;
        while !self.begins_on(day) {
            day = day_before(day);
        }
        day
    }
}

/// The day after.
pub fn next_day(date: Date) -> Date {
    date.tomorrow().expect("the simulation stays in the calendar")
}

/// The day before.
pub fn day_before(date: Date) -> Date {
    date.yesterday().expect("the simulation stays in the calendar")
}

/// So many days later, or earlier for a negative number; one step at a time.
pub fn days_later(date: Date, days: i64) -> Date {
    let mut day = date;
    for _ in 0..days.abs() {
        day = if days > 0 { next_day(day) } else { day_before(day) };
    }
    day
}

/// Days from one to the other, counted.
pub fn count_days(from: Date, to: Date) -> i64 {
    let (mut day, mut n) = (from, 0);
    while day < to {
        day = next_day(day);
        n += 1;
    }
    n
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(y: i16, m: i8, d: i8) -> Date {
        Date::new(y, m, d).unwrap()
    }

    #[test]
    fn the_31st_comes_back_after_february() {
        let beat = Beat::Months { from: on(2026, 1, 31), step: 1, day: 31 };
        let mut day = on(2026, 1, 31);
        let mut found = vec![day];
        for _ in 0..4 {
            day = beat.next_after(day);
            found.push(day);
        }
        assert_eq!(
            found,
            [on(2026, 1, 31), on(2026, 2, 28), on(2026, 3, 31), on(2026, 4, 30), on(2026, 5, 31)]
        );
    }

    #[test]
    fn quarters_and_weeks_keep_their_step() {
        let quarter = Beat::Months { from: on(2026, 1, 15), step: 3, day: 15 };
        assert_eq!(quarter.next_after(on(2026, 1, 15)), on(2026, 4, 15));
        assert_eq!(quarter.last_until(on(2026, 6, 1)), on(2026, 4, 15));
        let week = Beat::Days { from: on(2026, 2, 26), step: 7 };
        assert_eq!(week.next_after(on(2026, 2, 26)), on(2026, 3, 5));
        assert_eq!(count_days(on(2028, 2, 1), on(2028, 3, 1)), 29);
        assert_eq!(days_later(on(2026, 3, 1), -1), on(2026, 2, 28));
    }
}
