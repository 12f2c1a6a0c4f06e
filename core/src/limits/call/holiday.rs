//! The legal holidays of the United States (5 U.S.C. 6103) with the days on which they are observed.

use super::super::zone::plus_days;
use crate::model::Date;

/// A Monday.
const MONDAY: Date = Date::FIRST;

/// Holidays on a day of a month.
const FIXED: [(u8, u8); 5] = [(1, 1), (6, 19), (7, 4), (11, 11), (12, 25)];

/// Holidays on a day of the week: month, day of the week (0 is Monday), and the first day of the month that it may be.
const MOVING: [(u8, u8, u8); 6] = [
    (1, 0, 15),
    (2, 0, 15),
    // The last Monday of May.
    (5, 0, 25),
    (9, 0, 1),
    (10, 0, 8),
    (11, 3, 22),
];

/// Whether a date is a holiday, or the Friday before one on a Saturday, or the Monday after one on a Sunday.
pub(super) fn is_holiday(date: Date) -> bool {
    let moves = MOVING.iter().any(|(month, weekday, first)| {
        date.month() == *month && weekday_of(date) == *weekday && (*first..first + 7).contains(&date.day())
    });
    moves
        || is_fixed(date)
        || match weekday_of(date) {
            4 => is_fixed(plus_days(date, 1)),
            0 => is_fixed(plus_days(date, -1)),
            _ => false,
        }
}

fn is_fixed(date: Date) -> bool {
    FIXED.contains(&(date.month(), date.day()))
}

fn weekday_of(date: Date) -> u8 {
    u8::try_from(MONDAY.days_until(date).rem_euclid(7)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holidays_of_a_year_and_the_days_they_are_observed() {
        let start: Date = "2026-01-01".parse().unwrap();
        let days = (0..365).map(|n| plus_days(start, n)).filter(|day| is_holiday(*day));
        let days: Vec<String> = days.map(|day| day.to_string()).collect();
        assert_eq!(
            days,
            [
                "2026-01-01",
                "2026-01-19",
                "2026-02-16",
                "2026-05-25",
                "2026-06-19",
                "2026-07-03",
                "2026-07-04",
                "2026-09-07",
                "2026-10-12",
                "2026-11-11",
                "2026-11-26",
                "2026-12-25",
            ]
        );
        assert!(is_holiday("2027-12-31".parse().unwrap()), "New Year 2028 is a Saturday");
    }
}
