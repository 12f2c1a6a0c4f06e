//! What a file of leads came to: for people, or as one JSON object.

use super::judge::Judge;
use super::repeats::Repeats;
use super::tell;
use leadwright::model::{Action, Code, Severity};
use leadwright::report::{Group, Ledger};
use leadwright::schema::Schema;
use leadwright::validate::ValidatedLine;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::time::Duration;

/// Sources beyond these share a row: the name of a source comes from outside.
const SOURCES: usize = 10_000;
const OTHERS: &str = "(others)";

#[derive(Default, Serialize)]
pub(super) struct Summary {
    leads: Leads,
    sources: BTreeMap<String, Source>,
    fields: BTreeMap<String, Field>,
    #[serde(skip)]
    problems: Ledger<u64>,
    #[serde(rename = "came_before", serialize_with = "counts", skip_serializing_if = "Repeats::is_none")]
    repeats: Repeats,
}

fn counts<S: serde::Serializer>(repeats: &Repeats, to: S) -> Result<S::Ok, S::Error> {
    repeats.leads.serialize(to)
}

#[derive(Default, Serialize)]
pub(super) struct Leads {
    pub(super) all: u64,
    /// Good as they came, or with nothing but their form changed.
    pub(super) clean: u64,
    /// Good once something was repaired.
    pub(super) mended: u64,
    /// Not good, or held by a policy.
    pub(super) refused: u64,
    /// Refused lines that were no lead at all.
    pub(super) no_lead: u64,
    #[serde(skip)]
    with_errors: u64,
}

#[derive(Default, Serialize)]
pub(super) struct Source {
    pub(super) leads: u64,
    pub(super) mended: u64,
    pub(super) refused: u64,
    /// Of refused leads, what refused them.
    pub(super) reasons: BTreeMap<Code, u64>,
}

#[derive(Default, Serialize)]
pub(super) struct Field {
    /// Leads that were refused for it.
    pub(super) refused: u64,
    /// Leads that went on without it.
    pub(super) dropped: u64,
    /// Leads where it was kept with a warning.
    pub(super) warned: u64,
    /// Leads where it was repaired.
    pub(super) mended: u64,
}

/// What goes with the counts.
pub(super) struct Told<'a> {
    pub(super) judge: &'a Judge,
    /// One JSON object instead of words.
    pub(super) json: bool,
    /// Where the good leads went.
    pub(super) clean: Option<&'a Path>,
    /// Values that had no column in the cleaned file, by their names.
    pub(super) left_out: &'a BTreeMap<String, u64>,
    pub(super) took: Duration,
}

impl Summary {
    pub(super) fn add(&mut self, line: &ValidatedLine, judge: &Judge) {
        let lead = &line.lead;
        let mended = lead.corrections.iter().any(|correction| correction.code.is_repair());
        self.leads.all += 1;
        self.leads.no_lead += u64::from(line.envelope.is_none());
        let count = match (lead.valid, mended) {
            (false, _) => &mut self.leads.refused,
            (true, true) => &mut self.leads.mended,
            (true, false) => &mut self.leads.clean,
        };
        *count += 1;
        self.leads.with_errors += u64::from(lead.problems.iter().any(|problem| problem.severity == Severity::Error));
        let named = line.envelope.as_ref().and_then(|envelope| envelope.source.as_deref());
        let source = named.map(source_name);
        let row = self.source(source.unwrap_or("(none)"));
        row.leads += 1;
        row.refused += u64::from(!lead.valid);
        row.mended += u64::from(lead.valid && mended);
        let refusals: BTreeSet<Code> = lead
            .problems
            .iter()
            .filter(|p| matches!(p.action, Action::Rejected | Action::Held))
            .map(|p| p.code)
            .collect();
        refusals.into_iter().for_each(|code| *row.reasons.entry(code).or_default() += 1);
        for problem in &lead.problems {
            self.problems.add(problem, source, line.number);
        }
        self.repeats.add(line);
        self.add_fields(line, judge.schema(&lead.schema));
    }

    fn source(&mut self, name: &str) -> &mut Source {
        let known = self.sources.contains_key(name) || self.sources.len() < SOURCES;
        self.sources.entry(if known { name } else { OTHERS }.to_owned()).or_default()
    }

    /// One lead counts once for each field and what became of it.
    fn add_fields(&mut self, line: &ValidatedLine, schema: Option<&Schema>) {
        let mut seen = BTreeSet::new();
        let problems = line.lead.problems.iter().filter_map(|problem| {
            let what = match (problem.action, problem.severity) {
                (Action::Rejected | Action::Held, _) => 0,
                (Action::Dropped, _) => 1,
                (Action::Kept, Severity::Warn | Severity::Error) => 2,
                _ => return None,
            };
            Some((problem.path.as_str(), what))
        });
        let repairs = line.lead.corrections.iter().filter(|correction| correction.code.is_repair());
        for (path, what) in problems.chain(repairs.map(|correction| (correction.path.as_str(), 3))) {
            let name = field_name(path, schema);
            if !seen.insert((name.clone(), what)) {
                continue;
            }
            let row = self.fields.entry(name).or_default();
            let count = match what {
                0 => &mut row.refused,
                1 => &mut row.dropped,
                2 => &mut row.warned,
                _ => &mut row.mended,
            };
            *count += 1;
        }
    }

    pub(super) fn has_errors(&self) -> bool {
        self.leads.with_errors > 0
    }

    pub(super) fn write(&self, told: &Told<'_>, err: &mut dyn Write) {
        if told.json {
            let _ = writeln!(err, "{}", serde_json::to_string(&self.report(told)).unwrap_or_default());
            return;
        }
        tell::head(&self.leads, told, err);
        tell::sources(&self.sources, err);
        tell::fields(&self.fields, err);
        tell::problems(&self.by_field(), err);
        tell::repeats(&self.repeats.leads, err);
        tell::tail(&self.leads, told, err);
    }

    /// All of it, for machines.
    pub(super) fn report<'s>(&'s self, told: &'s Told<'_>) -> impl Serialize + 's {
        Report {
            by: told.judge.name(),
            as_of: told.judge.as_of().to_string(),
            counts: self,
            problems: self.problems.worst(),
            problems_without_a_row: self.problems.beyond(),
            not_in_cleaned_file: (!told.left_out.is_empty())
                .then(|| LeftOut { fields: told.left_out.len(), values: told.left_out.values().sum() }),
        }
    }

    /// The problems of all sources together.
    fn by_field(&self) -> Ledger<u64> {
        let mut joined = Ledger::default();
        for group in self.problems.groups() {
            joined.add_group(group, None);
        }
        joined
    }
}

#[derive(Serialize)]
struct Report<'a> {
    by: &'a str,
    as_of: String,
    #[serde(flatten)]
    counts: &'a Summary,
    problems: Vec<&'a Group<u64>>,
    #[serde(skip_serializing_if = "is_zero")]
    problems_without_a_row: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_in_cleaned_file: Option<LeftOut>,
}

/// Counted only: the name of a field that no schema knows is somebody's text.
#[derive(Serialize)]
struct LeftOut {
    fields: usize,
    values: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// A source by its name where that can be one; it is shown, and somebody may have put a person there.
fn source_name(text: &str) -> &str {
    let right = text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._:-".contains(&byte));
    if right { text } else { "(no id)" }
}

/// The field that a path leads to, by its name in the schema.
fn field_name(path: &str, schema: Option<&Schema>) -> String {
    let steps: Vec<String> = path.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
    let known = (1..=steps.len()).rev().find_map(|most| {
        let name = steps.get(..most)?.join(".");
        schema?.find(&name).map(|field| field.name.clone())
    });
    match (known, steps.as_slice()) {
        (Some(name), _) => name,
        (None, []) => "(the lead)".into(),
        (None, [first]) if leadwright::validate::RESERVED.contains(&first.as_str()) => first.clone(),
        // The key of a field that no schema knows is somebody's text.
        (None, _) => "(unknown fields)".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_fields() {
        let schema = Schema::named("us/home-services@1");
        for (path, name) in [
            ("/Phone Number", "phone"),
            ("/address/zip", "zip"),
            ("/phone/0", "phone"),
            ("/source", "source"),
            ("", "(the lead)"),
            ("/jane.doe@example.com", "(unknown fields)"),
        ] {
            assert_eq!(field_name(path, schema.as_ref()), name, "{path}");
        }
    }

    #[test]
    fn a_person_is_no_source() {
        assert_eq!(source_name("affil-17"), "affil-17");
        assert_eq!(source_name("jane.doe@example.com"), "(no id)");
    }

    #[test]
    fn what_only_changes_the_form_is_no_repair() {
        for (code, repair) in [
            (Code::PhoneStandardized, false),
            (Code::TextTrimmed, false),
            (Code::AddressSuffixStandardized, false),
            (Code::AddressZipLeadingZero, true),
            (Code::LeadFieldsSwapped, true),
        ] {
            assert_eq!(code.is_repair(), repair, "{code}");
        }
    }
}
