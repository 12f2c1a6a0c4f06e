//! Criteria as a person would say them.

use super::criteria::{Criteria, FieldTest, Line, Operator};
use super::look::Look;
use super::values::{NAMED, Values};
use crate::model::Value;
use crate::schema::path::Step;

pub(super) fn criteria(criteria: &Criteria) -> String {
    let lines: Vec<String> = criteria.lines.iter().map(line).collect();
    if lines.is_empty() { "every lead".to_owned() } else { lines.join(", and ") }
}

pub(super) fn line(line: &Line) -> String {
    match line {
        Line::Field(test) => format!("{} is {}{}", subject(test), tested(test), may_be_missing(test)),
        Line::List { name, on } => format!("the lead is {} `{name}`", on_list(*on)),
        Line::Any(inner) => format!("({})", joined(inner, " or ")),
        Line::All(inner) => format!("({})", joined(inner, " and ")),
    }
}

/// What a test is about, to stand before "is".
fn subject(test: &FieldTest) -> String {
    match test.look {
        Look::Itself | Look::Age => test.name().to_owned(),
        Look::Place(_) => "the lead".to_owned(),
        Look::Inside(ref path) => inside(&test.field, &path.steps),
    }
}

/// `vehicles.newest.year` is the "year of the newest of vehicles".
fn inside(field: &str, steps: &[Step]) -> String {
    let mut said = field.to_owned();
    for (n, step) in steps.iter().enumerate() {
        said = match step {
            Step::Member(_) if steps.get(n + 1) == Some(&Step::Age) => continue,
            Step::Member(name) => format!("{name} of {said}"),
            Step::Any => format!("any of {said}"),
            Step::All => format!("each of {said}"),
            Step::First => format!("the first of {said}"),
            Step::Primary => format!("the primary one of {said}"),
            Step::Newest(_) => format!("the newest of {said}"),
            Step::Oldest(_) => format!("the oldest of {said}"),
            Step::Count => format!("the number of {said}"),
            Step::Age => format!("age of {said}"),
        };
    }
    said
}

fn tested(test: &FieldTest) -> String {
    let names: Vec<String> = test.areas.iter().map(|name| format!("`{name}`")).collect();
    let not = matches!(test.operators.as_slice(), [Operator::Not(_)]);
    match (names.as_slice(), not) {
        ([], _) => operators(&test.operators),
        ([one], false) => format!("in the area {one}"),
        ([one], true) => format!("not in the area {one}"),
        (all, false) => format!("in one of the areas {}", all.join(", ")),
        (all, true) => format!("in none of the areas {}", all.join(", ")),
    }
}

fn may_be_missing(test: &FieldTest) -> &'static str {
    match test.look {
        _ if !test.missing_ok => "",
        Look::Place(_) => ", or nobody knows where it is",
        _ => " or missing",
    }
}

fn on_list(on: bool) -> &'static str {
    if on { "on the list" } else { "not on the list" }
}

fn joined(inner: &[Criteria], between: &str) -> String {
    inner.iter().map(criteria).collect::<Vec<_>>().join(between)
}

/// What a line wants, to stand after "wanted".
pub(super) fn wanted(wanted: &Line) -> String {
    match wanted {
        Line::Field(test) => tested(test),
        Line::List { name, on } => format!("{} `{name}`", on_list(*on)),
        Line::Any(inner) => joined(inner, " or "),
        Line::All(inner) => joined(inner, " and "),
    }
}

pub(super) fn operators(operators: &[Operator]) -> String {
    operators.iter().map(operator).collect::<Vec<_>>().join(" and ")
}

fn operator(operator: &Operator) -> String {
    match operator {
        Operator::In(values) => one_of(values),
        Operator::Gte(bound) => format!("{} or more", said(bound)),
        Operator::Gt(bound) => format!("more than {}", said(bound)),
        Operator::Lte(bound) => format!("{} or less", said(bound)),
        Operator::Lt(bound) => format!("less than {}", said(bound)),
        Operator::Not(inner) => format!("not {}", operators(inner)),
    }
}

pub(super) fn one_of(values: &Values) -> String {
    match values.written.first() {
        Some(only) if values.written.len() == 1 => said(only),
        Some(_) if values.written.len() <= NAMED => {
            format!("one of {}", values.written.iter().map(said).collect::<Vec<_>>().join(", "))
        }
        _ => format!("one of {} values", values.len()),
    }
}

pub(super) fn said(value: &Value) -> String {
    serde_json::to_string(value).unwrap_or_default().trim_matches('"').to_owned()
}
