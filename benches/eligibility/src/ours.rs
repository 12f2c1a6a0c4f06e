//! leadwright: the index, and the straightforward evaluator that it must agree with.

use crate::measure::{Matches, Run, passes, timed};
use crate::say;
use crate::world::{FLAGS, Lead, NUMBERS, TEXTS, Value as Fact, World};
use leadwright::field::{FieldKind, FieldOptions};
use leadwright::matching::{Ask, Index, Observed, Scratch};
use leadwright::model::{Date, Value};
use leadwright::plan::parse;
use leadwright::rules::{Criteria, Facts, Names, Truth, compile};
use leadwright::schema::{Field, Pii, Schema};
use std::collections::{BTreeMap, BTreeSet};

/// A canonical lead, as the engine has it.
struct Canonical(BTreeMap<String, Value>);

impl Facts for Canonical {
    fn value(&self, field: &str) -> Option<&Value> {
        self.0.get(field)
    }

    fn each(&self, visit: &mut dyn FnMut(&str, &Value)) {
        self.0.iter().for_each(|(name, value)| visit(name, value));
    }

    fn in_list(&self, _: &str) -> Option<bool> {
        None
    }

    fn today(&self) -> Date {
        Date::FIRST
    }
}

fn canonical(lead: &Lead) -> Canonical {
    let value = |fact: &Fact| match fact {
        Fact::Text(text) => Value::text(text),
        Fact::Number(number) => Value::Int(*number),
        Fact::Flag(yes) => Value::Bool(*yes),
    };
    Canonical(lead.iter().map(|(name, fact)| ((*name).to_owned(), value(fact))).collect())
}

fn schema() -> Schema {
    let mut schema = Schema::empty("bench");
    let kinds = [(TEXTS, FieldKind::Text), (NUMBERS, FieldKind::Integer), (FLAGS, FieldKind::Boolean)];
    for (names, kind) in kinds {
        for name in names {
            schema.put(Field {
                name: (*name).to_owned(),
                kind,
                required: true,
                required_if: Vec::new(),
                default: None,
                pii: Pii::None,
                options: FieldOptions::default(),
                synonyms: Vec::new(),
                min: None,
                max: None,
            });
        }
    }
    schema
}

fn compiled(world: &World) -> Vec<Criteria> {
    let schema = schema();
    let (lists, areas) = (BTreeSet::new(), BTreeMap::new());
    let names = Names { schema: &schema, lists: &lists, areas: &areas };
    let one = |contract| {
        let text = say::criteria(contract).to_string();
        let node = parse(&text, 0).node.expect("criteria are JSON");
        let mut findings = Vec::new();
        let criteria = compile(&node, &names, "", "a contract", &mut findings).expect("criteria are an object");
        assert!(
            findings.iter().all(|found| found.severity != leadwright::model::Severity::Error),
            "{text}: {findings:?}"
        );
        criteria
    };
    world.contracts.iter().map(one).collect()
}

/// The index: searched alone, and with the lead's values put into classes first.
pub fn index(world: &World) -> (Vec<Run>, impl Fn(usize) -> Matches + use<>) {
    let criteria = compiled(world);
    let contracts: Vec<(u32, Option<&Criteria>)> = (0..).zip(criteria.iter().map(Some)).collect();
    let build = || timed(|| Index::new(&contracts));
    let (index, first) = build();
    let mut builds: Vec<f64> = (0..4).map(|_| build().1).chain([first]).collect();
    builds.sort_by(f64::total_cmp);
    let build_ms = builds[2];
    let leads: Vec<Canonical> = world.leads.iter().map(canonical).collect();
    let mut scratch = Scratch::default();
    let mut found = Vec::new();
    for lead in &leads {
        found.push(index.find(lead, Ask::IsTrue, &mut scratch).to_vec());
    }
    let matches = move |leads: usize| {
        let mut matches = Matches::default();
        for (lead, found) in found.iter().take(leads).enumerate() {
            found.iter().for_each(|contract| matches.add(lead, *contract as usize));
        }
        matches
    };
    let observe = |lead: &Canonical| {
        let mut observed = Observed::default();
        index.observe(lead, &mut observed, &mut Scratch::default());
        observed
    };
    let observed: Vec<Observed> = leads.iter().map(observe).collect();
    let search = passes(leads.len(), 11, || {
        for (observed, lead) in observed.iter().zip(&leads) {
            std::hint::black_box(index.search(observed, lead, Ask::IsTrue, &mut scratch));
        }
    });
    let mut observed = Observed::default();
    let nanos = passes(leads.len(), 11, || {
        for lead in &leads {
            index.observe(lead, &mut observed, &mut scratch);
            std::hint::black_box(index.search(&observed, lead, Ask::IsTrue, &mut scratch));
        }
    });
    let count = leads.len();
    let mut runs =
        vec![Run { name: "leadwright, search", leads: count, nanos: search, build_ms, matches: matches(count) }];
    runs.push(Run {
        name: "leadwright, lead to matches",
        leads: leads.len(),
        nanos,
        build_ms,
        matches: matches(leads.len()),
    });
    (runs, matches)
}

/// A loop over all contracts.
pub fn evaluator(world: &World, leads: usize) -> Run {
    let (criteria, build_ms) = timed(|| compiled(world));
    let leads: Vec<Canonical> = world.leads.iter().take(leads).map(canonical).collect();
    let mut matches = Matches::default();
    let nanos = passes(leads.len(), 3, || {
        matches = Matches::default();
        for (number, lead) in leads.iter().enumerate() {
            for (contract, criteria) in criteria.iter().enumerate() {
                if criteria.evaluate(lead).truth == Truth::True {
                    matches.add(number, contract);
                }
            }
        }
    });
    Run { name: "leadwright, evaluator in a loop", leads: leads.len(), nanos, build_ms, matches }
}
