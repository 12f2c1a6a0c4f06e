//! What a column is about, by any of its names.

use super::test::Test;
use crate::limits::Window;
use crate::schema::plain_key;
use std::collections::BTreeMap;

/// A column that is no field of the lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    Buyer,
    Contract,
    Company,
    Timezone,
    WeekStarts,
    Note,
    Status,
    Groups,
    Vertical,
    Priority,
    Weight,
    Percent,
    Price,
    SharedPrice,
    WithAtMost,
    Hours,
    CallWindow,
    Starts,
    Ends,
    NeverWith,
    ExpectedReturn,
    Was,
    OnLists,
    NotOnLists,
    /// So many leads in a window.
    Count(Window),
    /// So much money in a window.
    Spend(Window),
}

/// Names of a column, the first as the documentation has it.
type Names = &'static [&'static str];

const OF_BUYERS: &[(Column, Names)] = &[
    (Column::Buyer, &["buyer", "buyer_id", "id", "client", "client_id"]),
    (Column::Company, &["parent", "company", "parent_buyer"]),
    (Column::Timezone, &["timezone", "time_zone", "tz"]),
    (Column::WeekStarts, &["week_starts", "week_start"]),
    (Column::Status, &["status", "active", "enabled"]),
    (Column::Note, &["note", "notes", "remark", "comment"]),
];

const OF_CONTRACTS: &[(Column, Names)] = &[
    (Column::Contract, &["contract", "contract_id", "id", "campaign", "campaign_id"]),
    (Column::Buyer, &["buyer", "buyer_id", "client", "client_id"]),
    (Column::Groups, &["group", "groups", "in", "route", "tier"]),
    (Column::Vertical, &["vertical", "product", "lead_type"]),
    (Column::Priority, &["priority", "rank"]),
    (Column::Weight, &["weight"]),
    (Column::Percent, &["percent", "share", "percentage"]),
    (Column::Price, &["price", "exclusive_price", "price_exclusive"]),
    (Column::SharedPrice, &["shared_price", "price_shared"]),
    (Column::WithAtMost, &["with_at_most", "max_others"]),
    (Column::Hours, &["hours", "schedule", "open_hours"]),
    (Column::CallWindow, &["call_window"]),
    (Column::Status, &["status", "active", "enabled"]),
    (Column::Starts, &["starts", "start_date", "from_date", "starts_on"]),
    (Column::Ends, &["ends", "end_date", "to_date", "ends_on"]),
    (Column::NeverWith, &["never_with", "not_with"]),
    (Column::ExpectedReturn, &["expected_return", "return_rate"]),
    (Column::Was, &["was", "old_id"]),
    (Column::OnLists, &["lists", "list", "on_list", "on_lists"]),
    (Column::NotOnLists, &["not_lists", "not_list", "not_on_list", "not_on_lists"]),
    (Column::Note, &["note", "notes", "remark", "comment"]),
];

const WINDOWS: [(Window, [&str; 2]); 5] = [
    (Window::Hour, ["hourly", "hour"]),
    (Window::Day, ["daily", "day"]),
    (Window::Week, ["weekly", "week"]),
    (Window::Month, ["monthly", "month"]),
    (Window::Total, ["total", "lifetime"]),
];
const COUNTS: [&str; 4] = ["cap", "limit", "leads", "quota"];
const SPENDS: [&str; 3] = ["budget", "spend", "spend_cap"];

/// The columns of a table that are no fields.
pub(super) struct Table {
    names: BTreeMap<String, Column>,
    /// The first name of each, for suggestions and messages.
    first: BTreeMap<Column, String>,
}

impl Table {
    pub(super) fn buyers() -> Self {
        Self::of(OF_BUYERS)
    }

    pub(super) fn contracts() -> Self {
        Self::of(OF_CONTRACTS)
    }

    fn of(columns: &[(Column, Names)]) -> Self {
        let mut table = Self { names: BTreeMap::new(), first: BTreeMap::new() };
        for (column, names) in columns {
            names.iter().for_each(|name| table.put(name, *column));
        }
        for (window, words) in WINDOWS {
            for (measures, column) in [(&COUNTS[..], Column::Count(window)), (&SPENDS[..], Column::Spend(window))] {
                for measure in measures {
                    for word in words {
                        table.put(&format!("{word}_{measure}"), column);
                        table.put(&format!("{measure}_{word}"), column);
                    }
                }
            }
        }
        table
    }

    fn put(&mut self, name: &str, column: Column) {
        self.names.insert(name.to_owned(), column);
        self.first.entry(column).or_insert_with(|| name.to_owned());
    }

    /// The column of a name in plain form.
    pub(super) fn find(&self, plain: &str) -> Option<Column> {
        self.names.get(plain).copied()
    }

    /// What a column is called in the documentation.
    pub(super) fn name(&self, column: Column) -> &str {
        self.first.get(&column).map_or("", String::as_str)
    }

    /// The names to choose from, one for each column.
    pub(super) fn firsts(&self) -> impl Iterator<Item = &str> {
        self.first.values().map(String::as_str)
    }
}

/// How the name of a field may begin and end, and what that asks.
const BEFORE: [(&str, Test); 6] = [
    ("min_", Test::Gte),
    ("max_", Test::Lte),
    ("not_", Test::Not),
    ("exclude_", Test::Not),
    ("excluded_", Test::Not),
    ("except_", Test::Not),
];
const AFTER: [(&str, Test); 12] = [
    ("_min", Test::Gte),
    ("_gte", Test::Gte),
    ("_from", Test::Gte),
    ("_max", Test::Lte),
    ("_lte", Test::Lte),
    ("_to", Test::Lte),
    ("_gt", Test::Gt),
    ("_over", Test::Gt),
    ("_lt", Test::Lt),
    ("_under", Test::Lt),
    ("_not", Test::Not),
    ("_missing", Test::Missing),
];

/// A column with its name in plain form.
pub(super) fn plain(name: &str) -> String {
    plain_key(name)
}

/// The ways to read a name as a field and a test; the first whose field there is counts.
pub(super) fn readings(plain: &str) -> Vec<(String, Test)> {
    let mut found = vec![(plain.to_owned(), Test::Is)];
    let after = AFTER.iter().filter_map(|(end, test)| Some((plain.strip_suffix(end)?.to_owned(), *test)));
    let before = BEFORE.iter().filter_map(|(start, test)| Some((plain.strip_prefix(start)?.to_owned(), *test)));
    found.extend(after.chain(before).filter(|(name, _)| !name.is_empty()));
    // One field, several values: `states`.
    let one: Vec<_> =
        found.iter().filter_map(|(name, test)| Some((name.strip_suffix('s')?.to_owned(), *test))).collect();
    found.extend(one);
    found
}

/// The name of a field with the end that asks a test.
pub(super) fn named(field: &str, test: Test) -> String {
    let end = AFTER.iter().find(|(_, other)| *other == test).map_or("", |(end, _)| end);
    format!("{field}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_stands_for_two_columns() {
        for columns in [OF_BUYERS, OF_CONTRACTS] {
            let mut names: Vec<&str> = columns.iter().flat_map(|(_, names)| names.iter().copied()).collect();
            assert!(names.iter().all(|name| plain(name) == **name), "{names:?}");
            names.sort_unstable();
            let count = names.len();
            names.dedup();
            assert_eq!(names.len(), count);
        }
        let table = Table::contracts();
        assert_eq!(table.find("daily_cap"), Some(Column::Count(Window::Day)));
        assert_eq!(table.find("budget_month"), Some(Column::Spend(Window::Month)));
        assert_eq!(table.name(Column::Count(Window::Hour)), "hourly_cap");
    }

    #[test]
    fn a_name_has_a_field_and_what_is_asked() {
        assert!(readings("credit_score_min").contains(&("credit_score".into(), Test::Gte)));
        assert!(readings("excluded_states").contains(&("state".into(), Test::Not)));
        assert!(readings("zips").contains(&("zip".into(), Test::Is)));
    }
}
