//! The files of the plan, as `fmt` would lay them out.

use super::super::Failure;
use super::answers::Answers;
use super::{Files, sample, shown, tables};
use crate::Streams;
use crate::tables::TablesBase;
use leadwright::model::Severity;
use leadwright::plan::{MemoryResolver, Plan, format};
use leadwright::schema::Schema;
use serde_json::Value as Json;
use std::path::{Path, PathBuf};

/// When the tests of the plan happen.
const TEST_TIME: &str = "2026-11-24T17:00:00Z";

/// All files by their names. They are checked before anybody sees them.
pub(super) fn of(answers: &Answers, dir: &Path) -> Result<Files, Failure> {
    let schema = Schema::named(&answers.schema).ok_or_else(|| Failure::usage("--vertical: no such schema"))?;
    let home = sample::home(answers.states.first().map(String::as_str));
    let lead = sample::lead(&schema, &home, (&answers.source, &answers.vertical));
    let mut files = Files::new();
    for (name, text) in [
        ("plan.jsonc".to_owned(), plan(answers)),
        (format!("buyers/{}.jsonc", answers.buyer), buyer(answers)),
        ("plan.tests.jsonc".to_owned(), tests(answers, &lead)),
    ] {
        let text = format(&text).ok_or_else(|| Failure::usage(format!("{name} could not be laid out")))?;
        files.insert(name, text);
    }
    files.insert("leads.jsonl".into(), format!("{}\n", sample::line(&lead)));
    files.insert("README.md".into(), readme(answers, dir));
    let checked = Plan::check(&MemoryResolver::new(files.clone()), "plan.jsonc");
    match checked.issues.iter().find(|issue| issue.severity == Severity::Error) {
        Some(issue) => Err(Failure::usage(format!("the answers make no plan: {issue}"))),
        None => Ok(files),
    }
}

/// The same with the buyers of tables. What becomes of the sample lead is theirs to say, so there is no test about it.
pub(super) fn with_tables(
    answers: &Answers,
    dir: &Path,
    csv: &[PathBuf],
    streams: &mut Streams<'_>,
) -> Result<Files, Failure> {
    let text = plan(answers);
    let text = format(&text).ok_or_else(|| Failure::usage("the plan could not be laid out"))?;
    let mut files = tables::of(TablesBase::Text(text.as_bytes()), csv, streams)?;
    let schema = Schema::named(&answers.schema).ok_or_else(|| Failure::usage("--vertical: no such schema"))?;
    let lead = sample::lead(&schema, &sample::home(None), (&answers.source, &answers.vertical));
    files.insert("leads.jsonl".into(), format!("{}\n", sample::line(&lead)));
    files.insert("README.md".into(), readme(answers, dir));
    Ok(files)
}

/// What to run next.
pub(super) fn commands(answers: &Answers, dir: &Path) -> [String; 3] {
    let file = |name: &str| shown(dir, name);
    let (plan, leads, store) = (file("plan.jsonc"), file("leads.jsonl"), file("leads.db"));
    [
        format!("leadwright check {plan}"),
        format!("leadwright decide {leads} --plan {plan} --store {store}"),
        format!("leadwright explain {}/L1.1 --store {store}", answers.source),
    ]
}

fn plan(answers: &Answers) -> String {
    let Answers { vertical, .. } = answers;
    format!(
        r#"// Where leads come from, what happens to each of them first, and who is asked in which order.
{{
  "format": 1,
  "plan": {plan},
  "currency": {currency},
  "timezone": {timezone},
  // One buyer, one file.
  "include": ["buyers/*.jsonc"],
  "verticals": {{
    {vertical}: {{ "extends": {schema} }}
  }},
  "sources": {{
    {source}: {{ "verticals": [{vertical}] }}
  }},
  "intake": {{
    "max_age": "31d",
    // Who asked before within this time is a duplicate, once the first lead was sold.
    "dedupe": [ {{ "any": ["phone", "email"], "within": "30d", "scope": "vertical", "against": "sold" }} ]
  }},
  "routes": {{
    // Every lead is sold once, to who pays most; the groups are asked one after the other.
    {vertical}: {{
      "max_sales": 1,
      "groups": [ {{ "id": "open", "select": "price" }} ],
      "on_unsold": {{ "then": "store" }}
    }}
  }}
}}
"#,
        plan = quoted(&answers.plan),
        currency = quoted(&answers.currency),
        timezone = quoted(&answers.timezone),
        schema = quoted(&answers.schema),
        source = quoted(&answers.source),
        vertical = quoted(vertical),
    )
}

fn buyer(answers: &Answers) -> String {
    let states: Vec<String> = answers.states.iter().map(|state| quoted(state)).collect();
    let criteria = match states.is_empty() {
        true => String::new(),
        false => format!("      \"where\": {{ \"state\": [{}] }},\n", states.join(", ")),
    };
    let caps = answers.daily_cap.map(|cap| format!("      \"caps\": {{ \"day\": {cap} }},\n")).unwrap_or_default();
    format!(
        r#"// Copy this file for the next buyer, and change the ids.
{{
  "buyer": {buyer},
  "timezone": {timezone},
  "contracts": {{
    {contract}: {{
      "in": {{ {group}: {{}} }},
{criteria}{caps}      "sell": {{ "exclusive": {{ "price": {price} }} }}
    }}
  }}
}}
"#,
        buyer = quoted(&answers.buyer),
        timezone = quoted(&answers.timezone),
        contract = quoted(&answers.contract()),
        group = quoted(&format!("{}/open", answers.vertical)),
        price = quoted(&answers.price.to_string()),
    )
}

fn tests(answers: &Answers, lead: &[(String, Json)]) -> String {
    let contract = quoted(&answers.contract());
    let mut cases = vec![case(
        &format!("a lead of {} goes to {}", answers.vertical, answers.buyer),
        lead,
        &format!(
            r#"{{ "outcome": "assigned", "assignments": [{contract}], "margin": {} }}"#,
            quoted(&answers.price.to_string())
        ),
    )];
    if let Some(elsewhere) = sample::other_home(&answers.states) {
        let mut lead = lead.to_vec();
        sample::move_to(&mut lead, &elsewhere);
        cases.push(case(
            &format!("{} does not buy from {}", answers.buyer, elsewhere.state),
            &lead,
            &format!(r#"{{ "outcome": "unmatched", "because": {{ {contract}: "where.state" }} }}"#),
        ));
    }
    format!(
        "// What the plan is meant to do. `leadwright check` runs it, each case on an empty store.\n{{\n  \"tests\": [\n{}\n  ]\n}}\n",
        cases.join(",\n")
    )
}

fn case(name: &str, lead: &[(String, Json)], expect: &str) -> String {
    let members: Vec<String> = lead.iter().map(|(key, value)| format!("{}: {value}", quoted(key))).collect();
    format!(
        "    {{\n      \"name\": {},\n      \"at\": \"{TEST_TIME}\",\n      \"lead\": {{ {} }},\n      \"expect\": {expect}\n    }}",
        quoted(name),
        members.join(", ")
    )
}

fn readme(answers: &Answers, dir: &Path) -> String {
    let commands = commands(answers, Path::new(".")).map(|command| format!("    {command}\n")).concat();
    let name = dir.file_name().and_then(|name| name.to_str()).unwrap_or(&answers.plan);
    let tests = match answers.has_buyer {
        true => "\n    plan.tests.jsonc      what the plan is meant to do",
        false => "",
    };
    format!(
        "# {name}\n\nA plan of leadwright, made by `leadwright init`.\n\n    \
         plan.jsonc            kinds of leads, sources, what happens to each lead first, routes\n    \
         buyers/*.jsonc        one file for each buyer, with its contracts{tests}\n    \
         leads.jsonl           a sample lead; the person is made up\n\n\
         In this folder:\n\n{commands}\n\
         A buyer is added with a file of its own under buyers/. `leadwright lint plan.jsonc` says what a plan hardly means,\n\
         `leadwright fmt .` lays the files out, and `leadwright plan diff` says what changes between two plans.\n"
    )
}

fn quoted(text: &str) -> String {
    Json::from(text).to_string()
}
