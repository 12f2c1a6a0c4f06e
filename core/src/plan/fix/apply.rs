//! Applies the edits of all issues to the texts, and looks again, until nothing is left to apply.

use super::super::Plan;
use super::super::load::Checked;
use super::super::resolve::{MemoryResolver, Resolver};
use crate::model::{Edit, Error, Issue};
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
        let safe = checked.issues.iter().any(|issue| issue.fix.as_ref().is_some_and(|fix| fix.safe));
        let chosen = |issue: &&Issue| issue.fix.as_ref().is_some_and(|fix| fix.safe == safe && (safe || guesses));
        let issues: Vec<&Issue> = checked.issues.iter().filter(chosen).collect();
        let (texts, mended) = edited(&issues, |name| {
            let folder = root.rsplit_once('/').map_or("", |(folder, _)| folder);
            let bytes = over.read(name).or_else(|_| over.read(&format!("{folder}/{name}"))).ok()?;
            String::from_utf8(bytes).ok()
        });
        if texts.is_empty() || !over.take(texts) {
            break;
        }
        applied += mended;
        checked = Plan::check(&over, root);
    }
    Fixed { files: over.texts.into_iter().map(|(name, seen)| (name, seen.last)).collect(), applied, checked }
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
        let after = written(&before, &edits);
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

fn written(text: &str, edits: &BTreeMap<(u32, u32), &str>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for ((start, end), new) in edits {
        out.push_str(text.get(at..*start as usize).unwrap_or_default());
        out.push_str(new);
        at = *end as usize;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// The files below, with changed ones in front of them.
struct Over<'a, R: ?Sized> {
    below: &'a R,
    changed: MemoryResolver,
    texts: BTreeMap<String, Seen>,
}

/// The last text of a file, and all that it has been: edits that undo each other would never end.
struct Seen {
    last: String,
    all: BTreeSet<String>,
}

impl<R: Resolver + ?Sized> Over<'_, R> {
    /// Whether any of the texts is new.
    fn take(&mut self, texts: BTreeMap<String, String>) -> bool {
        let mut new = false;
        for (name, text) in texts {
            self.changed.insert(name.clone(), text.clone());
            let seen = self.texts.entry(name).or_insert_with(|| Seen { last: String::new(), all: BTreeSet::new() });
            new |= seen.all.insert(text.clone());
            seen.last = text;
        }
        new
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
