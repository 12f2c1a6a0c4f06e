//! The peers that are Rust.

use crate::measure::{Matches, Run, passes, timed};
use crate::say;
use crate::world::{FLAGS, NUMBERS, TEXTS, Value, World};
use a_tree::{ATree, AttributeDefinition, Event};
use zen_expression::variable::Variable;
use zen_expression::vm::VM;
use zen_expression::{Isolate, Scope};

/// a-tree: the search alone, with events that were built before.
pub fn a_tree(world: &World, leads: usize) -> Vec<Run> {
    let definitions: Vec<AttributeDefinition> = TEXTS
        .iter()
        .map(|name| AttributeDefinition::string(name))
        .chain(NUMBERS.iter().map(|name| AttributeDefinition::integer(name)))
        .chain(FLAGS.iter().map(|name| AttributeDefinition::boolean(name)))
        .collect();
    let texts: Vec<String> = world.contracts.iter().map(|contract| say::expression(contract, true)).collect();
    let (tree, build_ms) = timed(|| {
        let mut tree = ATree::new(&definitions).expect("the definitions are right");
        for (contract, text) in texts.iter().enumerate() {
            tree.insert(&contract, text).unwrap_or_else(|error| panic!("{text}: {error}"));
        }
        tree
    });
    let event = |lead: &crate::world::Lead| -> Event {
        let mut event = tree.make_event();
        for (name, value) in lead {
            match value {
                Value::Text(text) => event.with_string(name, text),
                Value::Number(number) => event.with_integer(name, *number),
                Value::Flag(yes) => event.with_boolean(name, *yes),
            }
            .expect("the field is defined");
        }
        event.build().expect("all fields are there")
    };
    let leads = &world.leads[..leads.min(world.leads.len())];
    let events: Vec<Event> = leads.iter().map(event).collect();
    let mut matches = Matches::default();
    let search = passes(leads.len(), 5, || {
        matches = Matches::default();
        for (number, event) in events.iter().enumerate() {
            let report = tree.search(event).expect("it searches");
            report.matches().iter().for_each(|contract| matches.add(number, **contract));
        }
    });
    let whole = passes(leads.len(), 5, || {
        for lead in leads {
            let event = event(lead);
            std::hint::black_box(tree.search(&event).expect("it searches").matches().len());
        }
    });
    let run = |name, nanos| Run { name, leads: leads.len(), nanos, build_ms, matches };
    vec![run("a-tree, search", search), run("a-tree, lead to matches", whole)]
}

/// zen-expression: each rule compiled once, the lead made a variable before.
pub fn zen(world: &World, leads: usize) -> Run {
    let (rules, build_ms) = timed(|| {
        let compile = |contract| {
            let text = say::expression(contract, false);
            Isolate::new().compile_standard(&text).unwrap_or_else(|error| panic!("{text}: {error}"))
        };
        world.contracts.iter().map(compile).collect::<Vec<_>>()
    });
    let leads = &world.leads[..leads.min(world.leads.len())];
    let scopes: Vec<Scope> = leads.iter().map(|lead| Scope::new(Variable::from(say::lead(lead)))).collect();
    let mut vm = VM::new();
    let mut matches = Matches::default();
    let nanos = passes(leads.len(), 3, || {
        matches = Matches::default();
        for (number, scope) in scopes.iter().enumerate() {
            for (contract, rule) in rules.iter().enumerate() {
                let found = rule.evaluate_with_scope(scope, &mut vm).expect("it evaluates");
                if found.as_bool() == Some(true) {
                    matches.add(number, contract);
                }
            }
        }
    });
    Run { name: "zen-expression", leads: leads.len(), nanos, build_ms, matches }
}
