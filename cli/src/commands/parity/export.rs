//! `leadwright parity export-test`: a difference that was seen, as a test of pytest that fails until it is gone.

use super::super::Failure;
use super::super::decide::load;
use super::replay::{Call, call, judged, rules};
use super::{failed, write};
use crate::args::ExportTest;
use crate::{Exit, Streams};
use leadwright::engine::Trial;
use leadwright::model::{RawMap, RawValue, read_raw, write_raw};
use leadwright::parity::ledger::{Ledger, Pair};
use leadwright::parity::{Class, Rules, Side};
use leadwright::plan::Plan;
use std::fmt::Write as _;

pub(super) fn run(args: &ExportTest, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let class: Class = args.class.parse().map_err(|()| {
        let names: Vec<&str> = Class::ALL.iter().map(|class| class.as_str()).collect();
        Failure::usage(format!("{}: there is no such class; there are {}", args.class, names.join(", ")))
    })?;
    let call = args.call.split_once(':').filter(|(module, function)| is_path(module) && is_path(function));
    let (module, function) = call.ok_or_else(|| Failure::usage("--call: write MODULE:FUNCTION"))?;
    let ledger = Ledger::existing(&args.ledger)?;
    let migration = ledger.migration(args.migration.as_deref())?;
    let (step, path) = (args.step.as_deref(), args.path.as_deref());
    let (pair, path) = ledger.smallest_pair(&migration, class, step, path)?;
    let json = match &args.rules {
        None => None,
        Some(path) => Some(std::fs::read_to_string(path).map_err(|error| failed(path, &error))?),
    };
    let input = match &args.plan {
        None => pair.input.as_ref().map(|input| input.get().to_owned()),
        Some(path) => {
            let Some(plan) = load(path, "tried", streams) else { return Ok(Exit::Usage) };
            Some(smallest(&plan, &pair, class, &rules(args.rules.as_deref())?)?)
        }
    };
    let input = input.ok_or_else(|| Failure::usage("the pair has no input; record it in the wrapper"))?;
    let text = test(&Test { class, path: &path, pair: &pair, input: &input, module, function, rules: json.as_deref() });
    write(&args.output, &text, streams)
}

/// `app.leads`
fn is_path(text: &str) -> bool {
    let is_name = |name: &str| {
        name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !name.starts_with(|c: char| c.is_ascii_digit())
    };
    text.split('.').all(|name| !name.is_empty() && is_name(name))
}

/// The lead without the fields that the class does not need: one after the other is left out, and stays out where the plan
/// still differs from what the legacy did in the same way.
fn smallest(plan: &Plan, pair: &Pair, class: Class, rules: &Rules) -> Result<String, Failure> {
    let line = serde_json::to_vec(pair).unwrap_or_default();
    let whole = call(&line, &pair.step).ok_or_else(|| Failure::usage("the pair is none of a step that decides"))?;
    let mut fields = read_raw(whole.input.as_bytes()).map(|read| read.map.0).unwrap_or_default();
    let shows = |fields: &[(String, RawValue)]| -> Result<bool, Failure> {
        let input = write_raw(&RawValue::Object(RawMap(fields.to_vec())));
        let call = Call { key: String::new(), at: whole.at, input, legacy: whole.legacy.clone() };
        Ok(judged(&mut Trial::new(plan.clone())?, call, rules)?.verdict.classes.contains(&class))
    };
    if !shows(&fields)? {
        return Err(Failure::usage(format!(
            "the plan does not differ by {class} on a lead of its own; leave --plan out"
        )));
    }
    let names: Vec<String> = fields.iter().map(|(name, _)| name.clone()).collect();
    for name in names {
        let fewer: Vec<_> = fields.iter().filter(|(other, _)| *other != name).cloned().collect();
        if shows(&fewer)? {
            fields = fewer;
        }
    }
    Ok(write_raw(&RawValue::Object(RawMap(fields))))
}

struct Test<'a> {
    class: Class,
    path: &'a str,
    pair: &'a Pair,
    input: &'a str,
    module: &'a str,
    function: &'a str,
    rules: Option<&'a str>,
}

fn test(test: &Test<'_>) -> String {
    let Test { class, path, pair, input, module, function, rules } = test;
    let place = if path.is_empty() { String::new() } else { format!(" at {path}") };
    let mut text = format!(
        "\"\"\"{class}{place} in the step {}, from pair {} of a ledger of parity. It holds the data of a lead.\"\"\"\n\n\
         import json\n\nfrom leadwright import parity\n\nfrom {module} import {function}\n\n",
        plain(&pair.step),
        pair.id
    );
    let _ = writeln!(text, "LEAD = json.loads({})", python(input));
    let legacy = match call(&serde_json::to_vec(pair).unwrap_or_default(), &pair.step).map(|call| call.legacy) {
        Some(Side::Value(value)) => write_raw(&value),
        _ => "null".into(),
    };
    let _ = writeln!(text, "LEGACY = json.loads({})", python(&legacy));
    let _ = writeln!(text, "RULES = json.loads({})\n\n", python(rules.unwrap_or("{}").trim()));
    let _ = writeln!(
        text,
        "def test_{class}() -> None:\n    verdict = parity.compare(LEGACY, {function}(LEAD), RULES)\n    \
         assert verdict[\"verdict\"] in (\"match\", \"known\"), verdict"
    );
    text
}

/// A name in a comment.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ')).collect()
}

/// A text of Python: that of JSON is one, with all that is not ASCII written as escapes.
fn python(text: &str) -> String {
    let mut out = String::from("\"");
    for unit in text.chars() {
        match unit {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_ascii_graphic() || c == ' ' => out.push(c),
            c => {
                let _ = write!(out, "\\U{:08x}", u32::from(c));
            }
        }
    }
    out + "\""
}
