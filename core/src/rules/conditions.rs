//! All conditions of criteria beside a lead: met or not, and in signs what would have to be (rule 99).

use super::criteria::{Criteria, FieldTest, Line, Operator, holds};
use super::facts::Facts;
use super::look::Look;
use super::truth::Truth;
use super::values::Values;
use super::words;
use crate::model::{Code, Value};

/// One condition of criteria, judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// `where.homeowner`, `where.any`, `where.list.dnc`.
    pub check: String,
    /// Whether it is met.
    pub truth: Truth,
    /// `criteria.not_met` and the like; says nothing where it is met.
    pub code: Code,
    /// The shape of what was found, never the value.
    pub found: Option<String>,
    /// What is wanted, as a sentence has it: `10 or more`.
    pub wanted: String,
    /// The condition in signs: `credit_score >= 620`.
    pub sign: String,
    /// What is so instead, where it is not met: `credit_score < 620`, `credit_score is missing`.
    pub instead: Option<String>,
}

impl Criteria {
    /// Every condition, met or not, in the order in which they are judged.
    ///
    /// What is so instead of a condition says which bound is missed, and nothing else of the value.
    pub fn conditions(&self, facts: &dyn Facts) -> Vec<Condition> {
        self.lines.iter().map(|line| condition(line, facts)).collect()
    }

    /// How many conditions are not met.
    pub(crate) fn failing_count(&self, facts: &dyn Facts) -> usize {
        self.lines.iter().filter(|line| line.truth(facts) != Truth::True).count()
    }

    /// The first line that is not true as [`evaluate`](Self::evaluate) finds it, by its place, without words for it.
    pub(crate) fn first_failing(&self, facts: &dyn Facts) -> Option<(usize, Truth)> {
        let mut unknown = None;
        for (place, line) in self.lines.iter().enumerate() {
            match line.truth(facts) {
                Truth::True => {}
                Truth::False => return Some((place, Truth::False)),
                Truth::Unknown => unknown = unknown.or(Some((place, Truth::Unknown))),
            }
        }
        unknown
    }
}

fn condition(line: &Line, facts: &dyn Facts) -> Condition {
    let truth = line.truth(facts);
    let said = line.failing(facts, truth);
    let instead = (truth != Truth::True).then(|| instead(line, facts, truth));
    Condition {
        check: said.check,
        truth,
        code: said.code,
        found: said.found,
        wanted: said.wanted,
        sign: sign(line),
        instead,
    }
}

/// `credit_score >= 620`
fn sign(line: &Line) -> String {
    match line {
        // An area is hundreds of ZIP codes with one name.
        Line::Field(test) if matches!(test.look, Look::Place(_)) => words::line(line),
        Line::Field(test) => {
            let signs: Vec<String> = test.operators.iter().map(|one| operator(test.name(), one)).collect();
            let or_missing = if test.missing_ok { " or missing" } else { "" };
            format!("{}{or_missing}", signs.join(" and "))
        }
        Line::Any(_) | Line::All(_) => words::wanted(line),
        other => words::line(other),
    }
}

fn operator(name: &str, operator: &Operator) -> String {
    match operator {
        Operator::In(values) => format!("{name} is {}", words::one_of(values)),
        Operator::Gte(bound) => format!("{name} >= {}", words::said(bound)),
        Operator::Gt(bound) => format!("{name} > {}", words::said(bound)),
        Operator::Lte(bound) => format!("{name} <= {}", words::said(bound)),
        Operator::Lt(bound) => format!("{name} < {}", words::said(bound)),
        Operator::Not(inner) => format!("{name} is not {}", words::operators(inner)),
    }
}

fn instead(line: &Line, facts: &dyn Facts, truth: Truth) -> String {
    match line {
        Line::Field(test) if truth == Truth::Unknown => format!("{} is missing", test.name()),
        Line::Field(test) if matches!(test.look, Look::Place(_)) => {
            format!("it is not so that {}", words::line(line))
        }
        Line::Field(test) => instead_of(test, facts),
        Line::List { name, .. } if truth == Truth::Unknown => format!("the list `{name}` says nothing of it"),
        Line::List { name, on } => {
            format!("the lead is {} `{name}`", if *on { "not on the list" } else { "on the list" })
        }
        other if truth == Truth::Unknown => format!("it cannot be said whether {}", words::wanted(other)),
        other => format!("it is not so that {}", words::wanted(other)),
    }
}

/// The operators that do not hold, turned round.
fn instead_of(test: &FieldTest, facts: &dyn Facts) -> String {
    let name = test.name();
    // Of several values at once none is the one that is missing it.
    let Some(value) = test.judged(facts) else { return format!("{name} is not {}", words::operators(&test.operators)) };
    let missed = test.operators.iter().filter(|one| !holds(std::slice::from_ref(one), &value));
    let turned: Vec<String> = missed.map(|one| turned(name, one, &value)).collect();
    turned.join(" and ")
}

fn turned(name: &str, operator: &Operator, value: &Value) -> String {
    match (operator, value) {
        (Operator::In(_), Value::Bool(yes)) => format!("{name} is {yes}"),
        (Operator::In(values), _) => format!("{name} is {}", none_of(values)),
        (Operator::Gte(bound), _) => format!("{name} < {}", words::said(bound)),
        (Operator::Gt(bound), _) => format!("{name} <= {}", words::said(bound)),
        (Operator::Lte(bound), _) => format!("{name} > {}", words::said(bound)),
        (Operator::Lt(bound), _) => format!("{name} >= {}", words::said(bound)),
        (Operator::Not(inner), _) => format!("{name} is {}", words::operators(inner)),
    }
}

fn none_of(values: &Values) -> String {
    let all = words::one_of(values);
    all.strip_prefix("one of ").map_or_else(|| format!("not {all}"), |rest| format!("none of {rest}"))
}
