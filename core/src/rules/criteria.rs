//! Compiled criteria, and what they say about a lead.

use super::facts::{Facts, QUALITY};
use super::look::Look;
use super::truth::Truth;
use super::values::Values;
use super::words;
use crate::model::{Code, Date, Value};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Whether the criteria are met, and if not, why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The answer.
    pub truth: Truth,
    /// The first line that is not true: fields by name, then lists, then what is put together.
    pub failing: Option<Failing>,
}

/// How many lines are not true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Miss {
    /// The criteria are met.
    None,
    /// This line alone is in the way.
    One(Failing),
    /// More than one.
    More,
}

/// A line that is not true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failing {
    /// `where.homeowner`, `where.any`, `where.list.dnc`.
    pub check: String,
    /// `criteria.not_met`, or `criteria.unknown_missing_field`.
    pub code: Code,
    /// The shape of what was found, never the value.
    pub found: Option<String>,
    /// What was wanted, as a sentence has it: `10 or more`.
    pub wanted: String,
}

/// The criteria of a contract: lines that must all be true.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Criteria {
    pub(crate) lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Field(FieldTest),
    List { name: String, on: bool },
    Any(Vec<Criteria>),
    All(Vec<Criteria>),
}

/// Operators on one field, all of which must hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FieldTest {
    pub(crate) field: String,
    /// What of it is compared.
    pub(crate) look: Look,
    pub(crate) operators: Vec<Operator>,
    pub(crate) missing_ok: bool,
    /// The areas whose ZIP codes the operators have, by name; none where none were named.
    pub(crate) areas: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Operator {
    In(Values),
    Gte(Value),
    Gt(Value),
    Lte(Value),
    Lt(Value),
    Not(Vec<Operator>),
}

impl Criteria {
    /// Whether a lead meets the criteria; stops at the first line that is false.
    pub fn evaluate(&self, facts: &dyn Facts) -> Verdict {
        let mut unknown = None;
        for line in &self.lines {
            match line.truth(facts) {
                Truth::True => {}
                Truth::False => {
                    return Verdict { truth: Truth::False, failing: Some(line.failing(facts, Truth::False)) };
                }
                Truth::Unknown => unknown = unknown.or(Some(line)),
            }
        }
        match unknown {
            None => Verdict { truth: Truth::True, failing: None },
            Some(line) => Verdict { truth: Truth::Unknown, failing: Some(line.failing(facts, Truth::Unknown)) },
        }
    }

    /// How far a lead is from meeting the criteria; stops at the second line that is not true.
    pub fn miss(&self, facts: &dyn Facts) -> Miss {
        let mut failing = self.lines.iter().map(|line| (line, line.truth(facts))).filter(|(_, t)| *t != Truth::True);
        match (failing.next(), failing.next()) {
            (None, _) => Miss::None,
            (Some((line, truth)), None) => Miss::One(line.failing(facts, truth)),
            _ => Miss::More,
        }
    }

    /// All lines that are not true (rule 99).
    pub fn explain(&self, facts: &dyn Facts) -> Vec<Failing> {
        let lines = self.lines.iter().map(|line| (line, line.truth(facts)));
        lines.filter(|(_, truth)| *truth != Truth::True).map(|(line, truth)| line.failing(facts, truth)).collect()
    }

    /// The criteria as a person would say them.
    pub fn sentence(&self) -> String {
        words::criteria(self)
    }

    /// The fields that are asked about.
    pub fn fields(&self) -> BTreeSet<String> {
        let mut fields = BTreeSet::new();
        self.collect_fields(&mut fields);
        fields
    }

    fn collect_fields(&self, fields: &mut BTreeSet<String>) {
        for line in &self.lines {
            match line {
                Line::Field(test) => drop(fields.insert(test.field.clone())),
                Line::Any(inner) | Line::All(inner) => inner.iter().for_each(|each| each.collect_fields(fields)),
                Line::List { .. } => {}
            }
        }
    }

    fn truth(&self, facts: &dyn Facts) -> Truth {
        Truth::all(self.lines.iter().map(|line| line.truth(facts)))
    }
}

impl Line {
    pub(super) fn truth(&self, facts: &dyn Facts) -> Truth {
        match self {
            Line::Field(test) => test.truth(facts),
            Line::List { name, on } => facts.in_list(name).map_or(Truth::Unknown, |found| Truth::of(found == *on)),
            Line::Any(inner) => Truth::any(inner.iter().map(|each| each.truth(facts))),
            Line::All(inner) => Truth::all(inner.iter().map(|each| each.truth(facts))),
        }
    }

    pub(crate) fn failing(&self, facts: &dyn Facts, truth: Truth) -> Failing {
        let check = match self {
            Line::Field(test) => format!("where.{}", test.name()),
            Line::List { name, .. } => format!("where.list.{name}"),
            Line::Any(_) => "where.any".to_owned(),
            Line::All(_) => "where.all".to_owned(),
        };
        let found = match self {
            Line::Field(test) => test.shape(facts),
            _ => None,
        };
        let fails = matches!(self, Line::List { name, .. } if facts.list_fails(name));
        let code = match truth {
            Truth::Unknown if fails => Code::CriteriaListUnavailable,
            Truth::Unknown => Code::CriteriaUnknownMissingField,
            _ => Code::CriteriaNotMet,
        };
        Failing { check, code, found, wanted: words::wanted(self) }
    }
}

impl FieldTest {
    /// The field as criteria name it.
    pub(crate) fn name(&self) -> &str {
        match self.field.as_str() {
            QUALITY => "quality",
            field => match self.look {
                Look::Itself => field,
                Look::Age => "age",
                Look::Place(_) => "area",
                Look::Inside(ref path) => &path.name,
            },
        }
    }

    pub(crate) fn truth(&self, facts: &dyn Facts) -> Truth {
        let value = facts.value(&self.field);
        if let Look::Inside(path) = &self.look
            && !path.is_single()
        {
            let asked = |value: &Value| holds(&self.operators, value);
            let found = path.holds(value, facts.today(), self.missing_ok.then_some(true), &asked);
            return found.map_or(Truth::Unknown, Truth::of);
        }
        match value.and_then(|value| self.look.find(value, facts.today())) {
            Some(value) => Truth::of(holds(&self.operators, &value)),
            None if self.missing_ok => Truth::True,
            None => Truth::Unknown,
        }
    }

    /// The value that the operators look at; none where that is several at once.
    pub(super) fn judged(&self, facts: &dyn Facts) -> Option<Value> {
        let value = facts.value(&self.field)?;
        self.look.find(value, facts.today()).map(Cow::into_owned)
    }

    fn shape(&self, facts: &dyn Facts) -> Option<String> {
        let value = facts.value(&self.field)?;
        let inside = match &self.look {
            Look::Inside(path) if path.is_single() => Some(path.find(value, facts.today())?),
            _ => None,
        };
        Some(match inside.as_deref().unwrap_or(value) {
            // Not met says as much.
            Value::Bool(yes) => yes.to_string(),
            // The score is no value of the person.
            Value::Int(score) if self.field == QUALITY => score.to_string(),
            Value::Text(text) => crate::model::RawValue::text(text.as_str()).shape(),
            Value::List(items) => format!("list of {}", items.len()),
            Value::Record(parts) => format!("object of {}", parts.len()),
            other => {
                let text = serde_json::to_string(other).unwrap_or_default();
                crate::model::RawValue::text(text.trim_matches('"')).shape()
            }
        })
    }
}

/// Whole years, as criteria compare them.
pub(crate) fn age(born: Date, today: Date) -> Value {
    Value::Int(i64::from(born.years_until(today)))
}

pub(super) fn holds(operators: &[Operator], value: &Value) -> bool {
    operators.iter().all(|operator| match operator {
        Operator::In(values) => values.contains(value),
        Operator::Gte(bound) => value >= bound,
        Operator::Gt(bound) => value > bound,
        Operator::Lte(bound) => value <= bound,
        Operator::Lt(bound) => value < bound,
        Operator::Not(inner) => !holds(inner, value),
    })
}
