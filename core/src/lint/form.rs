//! Criteria as sets of classes, joined by *and* and *or*; and their opposite.

use super::space::{Set, Space};
use crate::matching::attributes::Subject;
use crate::matching::runs::Runs;
use crate::rules::Criteria;
use crate::rules::criteria::{FieldTest, Line};
use crate::rules::look::Look;

/// What a lead has to be like.
#[derive(Clone, Debug)]
pub(super) enum Form {
    /// In one respect.
    Is(usize, Set),
    /// In all of these ways.
    And(Vec<Form>),
    /// In one of these ways.
    Or(Vec<Form>),
    /// Nothing is known of it: it may be.
    Maybe,
}

/// What a lead is like that meets criteria.
pub(super) fn met(criteria: &Criteria, space: &Space<'_>) -> Form {
    Form::And(criteria.lines.iter().map(|line| line_met(line, space)).collect())
}

/// What a lead is like that meets a line of criteria.
pub(super) fn line_met(line: &Line, space: &Space<'_>) -> Form {
    match line {
        Line::Field(test) => field(test, space, true),
        Line::List { name, on } => list(name, *on, space, true),
        Line::Any(inner) => Form::Or(inner.iter().map(|each| met(each, space)).collect()),
        Line::All(inner) => Form::And(inner.iter().map(|each| met(each, space)).collect()),
    }
}

/// What a lead is like that does not meet criteria, be it that something is missing.
pub(super) fn not_met(criteria: &Criteria, space: &Space<'_>) -> Form {
    Form::Or(criteria.lines.iter().map(|line| line_not_met(line, space)).collect())
}

/// What a lead is like that does not meet a line.
pub(super) fn line_not_met(line: &Line, space: &Space<'_>) -> Form {
    match line {
        Line::Field(test) => field(test, space, false),
        Line::List { name, on } => list(name, *on, space, false),
        Line::Any(inner) => Form::And(inner.iter().map(|each| not_met(each, space)).collect()),
        Line::All(inner) => Form::Or(inner.iter().map(|each| not_met(each, space)).collect()),
    }
}

fn field(test: &FieldTest, space: &Space<'_>, met: bool) -> Form {
    let Some((number, attribute)) =
        space.number_of_test(test).and_then(|number| Some((number, space.attribute(number)?)))
    else {
        return Form::Maybe;
    };
    let wanted = attribute.domain.meets(&test.operators);
    let count = attribute.domain.count();
    let runs = if met { wanted } else { wanted.not(count) };
    // Of a ZIP code that nobody can place it is not known whether it is in an area: as if it were missing.
    let runs = match &test.look {
        Look::Place(also) if met == test.missing_ok => {
            let rest = Runs::span(0, u32::from(!space.has_nowhere));
            runs.or(&space.unplaced(attribute, also), count).or(&rest, count)
        }
        Look::Place(also) => runs.and(&space.unplaced(attribute, also).not(count)),
        _ => runs,
    };
    let set = Set { runs, missing: met == test.missing_ok };
    Form::Is(number, set.and(&attribute.all))
}

fn list(name: &str, on: bool, space: &Space<'_>, met: bool) -> Form {
    let Some(number) = space.number_of(Subject::List(name)) else { return Form::Maybe };
    let class = u32::from(on == met);
    Form::Is(number, Set { runs: Runs::span(class, class + 1), missing: !met })
}
