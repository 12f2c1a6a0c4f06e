//! From criteria to an index.

use super::attributes::{Attributes, Known, Subject};
use super::domain::Domain;
use super::formula::{ACCEPT, Maker};
use super::index::Index;
use super::postings::{Postings, Wish};
use super::rows::{Block, Rows, full, set, sizes, summary};
use super::runs::Runs;
use crate::rules::criteria::{Criteria, FieldTest, Line, Operator};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Texts with more classes have postings.
const MOST_CLASSES: u32 = 1_024;
/// Most attributes with rows; the others are asked by formulas.
pub(super) const MOST_ROWS: usize = 24;
/// An attribute has rows when one contract in so many asks about it.
const ONE_IN: usize = 32;
/// How many attributes decide the order of contracts.
const ORDERED_BY: usize = 3;

/// What one contract asks, by how it will be looked up.
#[derive(Default)]
struct Wishes<'a> {
    /// Attribute, classes wanted, whether it may be missing.
    classed: Vec<(u32, Runs, bool)>,
    posted: BTreeMap<u32, Vec<&'a FieldTest>>,
    /// The lines of an attribute that may yet end up in the formula.
    lines: Vec<(u32, &'a Line)>,
    formula: Vec<&'a Line>,
}

/// Builds the index of contracts, given by their places in the plan and their criteria.
pub(super) fn build(contracts: &[(u32, Option<&Criteria>)]) -> Index {
    let criteria: Vec<&Criteria> = contracts.iter().filter_map(|(_, criteria)| *criteria).collect();
    let (attributes, known) = Attributes::of(&criteria, Subject::of);
    let domains = &attributes.domains;
    let mut wishes: Vec<(u32, Wishes<'_>)> =
        contracts.iter().map(|(place, criteria)| (*place, sorted_out(*criteria, domains, &known))).collect();
    let with_rows = with_rows(&mut wishes, domains);
    let order_by = with_rows.get(..ORDERED_BY).unwrap_or(&with_rows);
    wishes.sort_by_cached_key(|(place, wishes)| {
        let first = |attribute: &u32| {
            let of = wishes.classed.iter().find(|(other, ..)| other == attribute);
            of.and_then(|(_, runs, _)| runs.as_slice().first()).map_or(u32::MAX, |(start, _)| *start)
        };
        (!wishes.posted.is_empty(), order_by.iter().map(first).collect::<Vec<_>>(), *place)
    });
    let rows = rows(&with_rows, &mut wishes, domains);
    let postings = postings(&wishes, domains);
    let mut maker = Maker::new(domains, &known);
    let mut has_formula = vec![Block::NONE; sizes(wishes.len()).0];
    let mut formula_of = vec![ACCEPT; wishes.len()];
    for (number, (_, wishes)) in wishes.iter().enumerate() {
        if !wishes.formula.is_empty() {
            set(&mut has_formula, number);
            formula_of[number] = maker.all(&wishes.formula);
        }
    }
    let formulas = maker.finish();
    let all = full(wishes.len());
    let all_summary = summary(&all);
    let places = wishes.iter().map(|(place, _)| *place).collect();
    Index { places, attributes, all, all_summary, rows, postings, has_formula, formula_of, formulas }
}

/// Puts the lines of a contract where they belong.
fn sorted_out<'a>(criteria: Option<&'a Criteria>, domains: &[Domain], known: &Known<'a>) -> Wishes<'a> {
    let mut wishes = Wishes::default();
    let mut left: Vec<&Line> = criteria.map(|criteria| criteria.lines.iter().collect()).unwrap_or_default();
    left.reverse();
    while let Some(line) = left.pop() {
        let (subject, wanted) = match line {
            Line::All(inner) => {
                left.extend(inner.iter().rev().flat_map(|each| each.lines.iter().rev()));
                continue;
            }
            Line::Field(test) => (Subject::of(test), None),
            Line::List { name, on } => (Some(Subject::List(name)), Some(u32::from(*on))),
            Line::Any(_) => {
                wishes.formula.push(line);
                continue;
            }
        };
        let Some(attribute) = subject.and_then(|subject| known.get(&subject)).copied() else {
            wishes.formula.push(line);
            continue;
        };
        let domain = &domains[attribute as usize];
        let (runs, missing_ok) = match (line, wanted) {
            (_, Some(class)) => (Runs::span(class, class + 1), false),
            (Line::Field(test), None) if domain.is_words() && domain.count() > MOST_CLASSES => {
                wishes.posted.entry(attribute).or_default().push(test);
                continue;
            }
            (Line::Field(test), None) => (domain.meets(&test.operators), test.missing_ok),
            _ => continue,
        };
        wishes.lines.push((attribute, line));
        match wishes.classed.iter_mut().find(|(other, ..)| *other == attribute) {
            Some((_, all, ok)) => {
                *all = all.and(&runs);
                *ok &= missing_ok;
            }
            None => wishes.classed.push((attribute, runs, missing_ok)),
        }
    }
    wishes
}

/// The attributes that get rows, the choosiest first; lines about the others go into formulas.
fn with_rows(wishes: &mut [(u32, Wishes<'_>)], domains: &[Domain]) -> Vec<u32> {
    // How many contracts ask about it, and how many thousandths of the classes they refuse, summed.
    let mut asked: BTreeMap<u32, (usize, u64)> = BTreeMap::new();
    for (attribute, runs, _) in wishes.iter().flat_map(|(_, wishes)| &wishes.classed) {
        let count = domains[*attribute as usize].count();
        let (by, refused) = asked.entry(*attribute).or_default();
        *by += 1;
        *refused += u64::from(count - runs.len()) * 1_000 / u64::from(count.max(1));
    }
    asked.retain(|_, (by, _)| *by * ONE_IN >= wishes.len());
    let mut chosen: Vec<u32> = asked.keys().copied().collect();
    chosen.sort_by_key(|attribute| Reverse(asked.get(attribute).map(|(_, refused)| *refused)));
    chosen.truncate(MOST_ROWS);
    for (_, wishes) in wishes {
        let rest = wishes.lines.iter().filter(|(attribute, _)| !chosen.contains(attribute));
        wishes.formula.extend(rest.map(|(_, line)| *line));
        wishes.classed.retain(|(attribute, ..)| chosen.contains(attribute));
    }
    chosen
}

fn rows(with_rows: &[u32], wishes: &mut [(u32, Wishes<'_>)], domains: &[Domain]) -> Vec<Rows> {
    let one = |attribute: &u32| Rows::new(*attribute, &domains[*attribute as usize], wishes.len());
    let mut rows: Vec<Rows> = with_rows.iter().map(one).collect();
    for (number, (_, wishes)) in wishes.iter_mut().enumerate() {
        for (attribute, runs, missing_ok) in &wishes.classed {
            let Some(rows) = rows.iter_mut().find(|rows| rows.attribute == *attribute) else { continue };
            if !rows.restrict(number, runs, *missing_ok) {
                let lines = wishes.lines.iter().filter(|(other, _)| other == attribute);
                wishes.formula.extend(lines.map(|(_, line)| *line));
            }
        }
    }
    rows.iter_mut().for_each(Rows::summarize);
    rows
}

fn postings(wishes: &[(u32, Wishes<'_>)], domains: &[Domain]) -> Vec<Postings> {
    let attributes: std::collections::BTreeSet<u32> =
        wishes.iter().flat_map(|(_, wishes)| wishes.posted.keys().copied()).collect();
    let one = |attribute: u32| {
        let domain = &domains[attribute as usize];
        Postings::new(attribute, domain.count(), wishes.len(), &|see| {
            for (number, (_, wishes)) in wishes.iter().enumerate() {
                let Some(tests) = wishes.posted.get(&attribute) else { continue };
                let missing_ok = tests.iter().all(|test| test.missing_ok);
                post(domain, tests, &mut |wish, classes| see(number as u32, wish, missing_ok, classes));
            }
        })
    };
    attributes.into_iter().map(one).collect()
}

/// The classes that a contract wants, or those that it refuses where they are fewer.
fn post(domain: &Domain, tests: &[&FieldTest], see: &mut dyn FnMut(Wish, &mut dyn Iterator<Item = u32>)) {
    if let [test] = tests
        && let [Operator::In(values)] = test.operators.as_slice()
        && values.len() as u32 <= domain.count() / 2
    {
        // The usual case, a list of thousands of ZIP codes, without making runs of it.
        return domain.each_class_of(values, &mut |classes| see(Wish::Wants, classes));
    }
    let all = tests.iter().map(|test| domain.meets(&test.operators)).reduce(|all, next| all.and(&next));
    let wanted = all.unwrap_or_default();
    if wanted.len() <= domain.count() / 2 {
        see(Wish::Wants, &mut wanted.classes());
    } else {
        see(Wish::Refuses, &mut wanted.not(domain.count()).classes());
    }
}
