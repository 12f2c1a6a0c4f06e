//! Applies the edits of all issues to the texts, and looks again, until nothing is left to apply.

use super::super::Plan;
use super::super::load::Checked;
use super::super::resolve::{MemoryResolver, Resolver};
use crate::model::{Edit, Error, Issue, Severity};
use std::collections::{BTreeMap, BTreeSet};

/// One mistake may hide another: the texts are checked again so often at most.
const ROUNDS: usize = 12;

/// The files of a plan after their issues were mended.
pub struct Fixed {
    /// The files that changed: their names with the new text.
    pub files: BTreeMap<String, String>,
    /// How many issues were mended by an edit.
    pub applied: usize,
    /// What is found in the new texts.
    pub checked: Checked,
}

/// Mends what can be mended: the safe edits first, then, where `guesses` is set, the others.
///
/// Edits touch only what an issue is about; where two overlap the second waits for the next round. Nothing is written:
/// the new texts are given back.
///
/// ```
/// use leadwright::plan::{MemoryResolver, fix};
/// let files = MemoryResolver::new([(
///     "plan.jsonc",
///     "{ format: 1, \"plan\": 'p', /* dollars */ \"curency\": \"usd\" \"timezone\": \"UTC\" }",
/// )]);
/// let fixed = fix(&files, "plan.jsonc", false);
/// assert_eq!(fixed.files["plan.jsonc"], r#"{ "format": 1, "plan": "p", /* dollars */ "currency": "USD", "timezone": "UTC" }"#);
/// assert!(fixed.checked.issues.is_empty());
/// ```
pub fn fix(resolver: &(impl Resolver + ?Sized), root: &str, guesses: bool) -> Fixed {
    let mut over = Over { below: resolver, changed: MemoryResolver::default(), texts: BTreeMap::new() };
    let mut applied = 0;
    let mut checked = Plan::check(&over, root);
    for _ in 0..ROUNDS {
        let turns = checked.issues.iter().filter_map(Turn::of);
        let Some(turn) = turns.filter(|turn| guesses || *turn == Turn::Safe).min() else { break };
        let issues: Vec<&Issue> = checked.issues.iter().filter(|issue| Turn::of(issue) == Some(turn)).collect();
        let (texts, mended) = edited(&issues, |name| String::from_utf8(over.read(name).ok()?).ok());
        if !over.take(texts) {
            break;
        }
        applied += mended;
        checked = Plan::check(&over, root);
    }
    Fixed { files: over.texts.into_iter().map(|(name, seen)| (name, seen.last)).collect(), applied, checked }
}

/// Which fixes come first: a group is empty, a list unused, because the name that meant it had a slip, so names are mended
/// before anything is filled in or taken out, and what is merely odd comes last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Safe,
    Replaced,
    Added,
    TakenOut,
    Odd,
}

impl Turn {
    fn of(issue: &Issue) -> Option<Self> {
        let fix = issue.fix.as_ref()?;
        let all = |holds: fn(&Edit) -> bool| fix.edits.iter().all(holds);
        Some(match () {
            () if fix.safe => Self::Safe,
            () if issue.severity != Severity::Error => Self::Odd,
            () if all(|edit| edit.text.is_empty()) => Self::TakenOut,
            () if all(|edit| edit.span.start == edit.span.end) => Self::Added,
            () => Self::Replaced,
        })
    }
}

/// The texts after the edits of as many issues as do not overlap, and how many those are.
fn edited(issues: &[&Issue], read: impl Fn(&str) -> Option<String>) -> (BTreeMap<String, String>, usize) {
    let mut chosen: BTreeMap<&str, BTreeMap<(u32, u32), &str>> = BTreeMap::new();
    let mut count = 0;
    for issue in issues {
        let edits = issue.fix.iter().flat_map(|fix| &fix.edits);
        let placed: Vec<(&str, (u32, u32), &str)> = edits.map(|edit| place(issue, edit)).collect();
        let free =
            |(file, span, _): &(&str, (u32, u32), &str)| chosen.get(file).is_none_or(|others| is_free(others, *span));
        if placed.iter().all(free) {
            for (file, span, text) in placed {
                chosen.entry(file).or_default().insert(span, text);
            }
            count += 1;
        }
    }
    let texts = chosen.into_iter().filter_map(|(file, edits)| {
        let before = read(file)?;
        let after = written(&before, &edits)?;
        (after != before).then(|| (file.to_owned(), after))
    });
    (texts.collect(), count)
}

fn place<'a>(issue: &'a Issue, edit: &'a Edit) -> (&'a str, (u32, u32), &'a str) {
    (edit.file.as_deref().unwrap_or(&issue.file), (edit.span.start, edit.span.end), &edit.text)
}

/// Whether a place does not touch the others.
fn is_free(others: &BTreeMap<(u32, u32), &str>, (start, end): (u32, u32)) -> bool {
    let before = others.range(..=(start, end)).next_back();
    let after = others.range((start, end)..).next();
    before.is_none_or(|(span, _)| span.1 <= start && *span != (start, end))
        && after.is_none_or(|(span, _)| end <= span.0)
}

/// Nothing where an edit does not fit the text: a file is never cut short.
fn written(text: &str, edits: &BTreeMap<(u32, u32), &str>) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for ((start, end), new) in edits {
        out.push_str(text.get(at..*start as usize)?);
        out.push_str(new);
        at = *end as usize;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}

/// The files below, with changed ones in front of them.
struct Over<'a, R: ?Sized> {
    below: &'a R,
    changed: MemoryResolver,
    texts: BTreeMap<String, Seen>,
}

/// The last text of a file, and all that it has been: edits that undo each other would never end.
#[derive(Default)]
struct Seen {
    last: String,
    all: BTreeSet<String>,
}

impl<R: Resolver + ?Sized> Over<'_, R> {
    /// Takes new texts, unless one of them is what a file has been before: then nothing is taken.
    fn take(&mut self, texts: BTreeMap<String, String>) -> bool {
        let again = |(name, text): (&String, &String)| {
            self.texts.get(name).is_some_and(|seen| seen.all.contains(text))
                || self.below.read(name).is_ok_and(|bytes| bytes == text.as_bytes())
        };
        if texts.is_empty() || texts.iter().any(again) {
            return false;
        }
        for (name, text) in texts {
            self.changed.insert(name.clone(), text.clone());
            let seen = self.texts.entry(name).or_default();
            seen.all.insert(text.clone());
            seen.last = text;
        }
        true
    }
}

impl<R: Resolver + ?Sized> Resolver for Over<'_, R> {
    fn read(&self, name: &str) -> Result<Vec<u8>, Error> {
        self.changed.read(name).or_else(|_| self.below.read(name))
    }

    fn expand(&self, pattern: &str) -> Result<Vec<String>, Error> {
        self.below.expand(pattern)
    }
}
