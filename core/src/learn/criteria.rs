//! Conditions as a plan writes them, with what they rest on.

use super::bound::{Bound, Compare};
use super::table::Of;
use super::words::{counted, shown};
use crate::model::{Date, Money, Value};

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// What a field is compared with.
pub(super) fn value(bounds: &[&Bound]) -> String {
    let list = |values: &[Value]| match values {
        [one] => shown(one),
        all => format!("[{}]", all.iter().map(shown).collect::<Vec<_>>().join(", ")),
    };
    let missing_ok = bounds.iter().all(|bound| bound.missing_ok);
    if let ([Bound { compare: Compare::In(values), .. }], false) = (bounds, missing_ok) {
        return list(values);
    }
    let mut parts: Vec<String> = Vec::new();
    for bound in bounds {
        let number = |key: &str, number: i64| format!("\"{key}\": {}", shown(&cell(bound.of, number)));
        parts.push(match &bound.compare {
            Compare::Gte(at) => number("gte", *at),
            Compare::Gt(at) => number("gt", *at),
            Compare::Lte(at) => number("lte", *at),
            Compare::Lt(at) => number("lt", *at),
            Compare::In(values) => format!("\"in\": [{}]", values.iter().map(shown).collect::<Vec<_>>().join(", ")),
            Compare::NotIn(values) => format!("\"not\": {}", list(values)),
        });
    }
    if missing_ok {
        parts.push("\"missing\": \"ok\"".to_owned());
    }
    format!("{{ {} }}", parts.join(", "))
}

/// A cell as a value of the lead.
fn cell(of: Of, number: i64) -> Value {
    match of {
        Of::Money => Money::from_units(number).map_or(Value::Int(number), Value::Money),
        Of::Date => Date::of_epoch_day(number).map_or(Value::Int(number), Value::Date),
        _ => Value::Int(number),
    }
}

/// What the conditions on a field rest on.
pub(super) fn evidence(bounds: &[&Bound], sold: usize) -> String {
    let alone: usize = bounds.iter().map(|bound| bound.alone).sum();
    let next: Vec<String> = bounds
        .iter()
        .filter_map(|bound| Some(shown(&cell(bound.of, bound.next?)).trim_matches('"').to_owned()))
        .collect();
    let next = if next.is_empty() { String::new() } else { format!(", the nearest at {}", next.join(" and ")) };
    format!("{} sold, {} kept out by this alone{next}", counted(sold), counted(alone))
}

/// When a contract buys.
pub(super) fn hours(bounds: &[Bound]) -> String {
    let (mut days, mut from, mut to) = ((0..7).collect::<Vec<i64>>(), 0, 96);
    for bound in bounds {
        match &bound.compare {
            Compare::In(open) => {
                days =
                    open.iter().filter_map(|day| if let Value::Int(day) = day { Some(*day) } else { None }).collect();
            }
            Compare::Gte(quarter) => from = *quarter,
            Compare::Gt(quarter) => from = quarter + 1,
            Compare::Lt(quarter) => to = *quarter,
            Compare::Lte(quarter) => to = quarter + 1,
            Compare::NotIn(_) => {}
        }
    }
    let clock = |quarter: i64| format!("{:02}:{:02}", quarter / 4, quarter % 4 * 15);
    let range = format!("\"{}-{}\"", clock(from), clock(to));
    let day = |day: i64| usize::try_from(day).ok().and_then(|day| DAYS.get(day)).copied().unwrap_or_default();
    let runs = days.chunk_by(|a, b| a + 1 == *b).map(|run| match (run.first(), run.last()) {
        (Some(first), Some(last)) if first < last => format!("\"{}-{}\": {range}", day(*first), day(*last)),
        (Some(only), _) => format!("\"{}\": {range}", day(*only)),
        _ => String::new(),
    });
    format!("{{ {} }}", runs.collect::<Vec<_>>().join(", "))
}
