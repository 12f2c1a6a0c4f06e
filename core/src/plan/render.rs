//! An issue with the line it is about, for a terminal.

use super::source_text::SourceText;
use crate::model::{Issue, Severity};
use std::fmt::Write as _;

/// Most columns of a line that are shown; of a longer one the part around the place.
const WINDOW: usize = 100;
/// How many columns stand before the place when the line is cut.
const BEFORE: usize = 30;
const TAB: &str = "    ";

/// The issue, the line it is about, and what to do: the way a compiler says it.
///
/// Tabs are shown as four spaces, long lines are cut around the place, wide characters are underlined twice.
///
/// ```
/// use leadwright::plan::{Documents, MemoryResolver, render};
/// let files = MemoryResolver::new([("plan.jsonc", "{\n  \"format\": 1,\n  plan: \"acme\"\n}")]);
/// let (documents, findings) = Documents::load(&files, "plan.jsonc");
/// let text = render(&documents.locate(&findings[0]), documents.source(0).unwrap());
/// assert_eq!(text, "\
/// error[plan.syntax]: the key `plan` has no quotes
///  --> plan.jsonc:3:3
///   |
/// 3 |   plan: \"acme\"
///   |   ^^^^
///   = expected \"plan\"
/// ");
/// ```
pub fn render(issue: &Issue, source: &SourceText) -> String {
    let gutter = " ".repeat(issue.line.to_string().len());
    let severity = match issue.severity {
        Severity::Error => "error",
        Severity::Warn => "warning",
        Severity::Info => "info",
    };
    let (line, marks) = excerpt(issue, source);
    let mut text = format!("{severity}[{}]: {}\n", issue.code, issue.message);
    let _ = writeln!(text, "{gutter}--> {}:{}:{}", issue.file, issue.line, issue.column);
    let _ = writeln!(text, "{gutter} |\n{} | {line}\n{gutter} | {marks}", issue.line);
    if let Some(expected) = &issue.expected {
        let _ = writeln!(text, "{gutter} = expected {expected}");
    }
    match &issue.suggestion {
        Some(suggestion) => drop(writeln!(text, "{gutter} = did you mean `{suggestion}`?")),
        None if issue.expected.is_none() && !issue.code.remedy().is_empty() => {
            let _ = writeln!(text, "{gutter} = {}", issue.code.remedy());
        }
        None => {}
    }
    if let Some(witness) = &issue.witness {
        let _ = writeln!(text, "{gutter} = for example {witness}");
    }
    text
}

/// The line and the marks below it.
fn excerpt(issue: &Issue, source: &SourceText) -> (String, String) {
    let (line, at) = source.line_of(issue.span.start);
    let (before, rest) = line.split_at_checked(at).unwrap_or((line, ""));
    let length = issue.span.end.saturating_sub(issue.span.start) as usize;
    let (marked, after) = rest.split_at_checked(length).unwrap_or((rest, ""));

    let mut head = last_columns(before, WINDOW);
    let body = first_columns(marked, WINDOW - BEFORE);
    let tail = first_columns(after, WINDOW);
    if columns(&head) + columns(&body) + columns(&tail) > WINDOW {
        head = last_columns(before, BEFORE);
    }
    let tail = match WINDOW.saturating_sub(columns(&head) + columns(&body)) {
        room if body.ends_with('…') || room == 0 => String::new(),
        room => first_columns(after, room),
    };
    let marks = format!("{}{}", " ".repeat(columns(&head)), "^".repeat(columns(&body).max(1)));
    (format!("{head}{body}{tail}").trim_end().to_owned(), marks)
}

/// As much of the beginning as fits, shown; `…` for what does not.
fn first_columns(text: &str, room: usize) -> String {
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        let cell = Cell::of(c);
        used += cell.columns;
        if used > room {
            out.push('…');
            break;
        }
        cell.show(&mut out);
    }
    out
}

/// As much of the end as fits, shown; `…` for what does not.
fn last_columns(text: &str, room: usize) -> String {
    let mut used = 0;
    let mut start = text.len();
    for (at, c) in text.char_indices().rev() {
        used += Cell::of(c).columns;
        if used > room {
            break;
        }
        start = at;
    }
    let shown = first_columns(text.get(start..).unwrap_or_default(), room);
    if start == 0 { shown } else { format!("…{shown}") }
}

fn columns(text: &str) -> usize {
    text.chars().map(|c| Cell::of(c).columns).sum()
}

/// A character on a terminal.
struct Cell {
    shown: char,
    columns: usize,
}

impl Cell {
    fn of(c: char) -> Self {
        match c {
            '\t' => Cell { shown: c, columns: TAB.len() },
            c if c.is_control() => Cell { shown: '\u{fffd}', columns: 1 },
            c if is_joined(c) => Cell { shown: c, columns: 0 },
            c if is_wide(c) => Cell { shown: c, columns: 2 },
            c => Cell { shown: c, columns: 1 },
        }
    }

    fn show(&self, out: &mut String) {
        if self.shown == '\t' { out.push_str(TAB) } else { out.push(self.shown) }
    }
}

/// Characters that join the one before: combining marks, joiners, variation selectors.
fn is_joined(c: char) -> bool {
    matches!(u32::from(c), 0x0300..=0x036F | 0x200B..=0x200F | 0x20D0..=0x20FF | 0xFE00..=0xFE0F | 0xFEFF)
}

/// Characters that take two columns: the blocks that UAX #11 calls wide, and emoji.
fn is_wide(c: char) -> bool {
    matches!(u32::from(c),
        0x1100..=0x115F | 0x2E80..=0x303E | 0x3041..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x1F300..=0x1FAFF | 0x20000..=0x3FFFD)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Code, Span};

    fn shown(text: &str, start: usize, end: usize) -> Vec<String> {
        let source = SourceText::new("p", text);
        let (line, column) = source.position(start as u32);
        let issue = Issue {
            code: Code::PlanUnknownField,
            severity: Severity::Error,
            file: "p".into(),
            line,
            column,
            span: Span { start: start as u32, end: end as u32 },
            path: String::new(),
            message: "m".into(),
            expected: None,
            suggestion: Some("s".into()),
            fix: None,
            witness: None,
        };
        render(&issue, &source).lines().map(str::to_owned).collect()
    }

    #[test]
    fn tabs_and_wide_characters_keep_the_marks_in_place() {
        let lines = shown("\t\"東京\": 1", 1, 9);
        assert_eq!(lines.get(3).unwrap(), "1 |     \"東京\": 1");
        assert_eq!(lines.get(4).unwrap(), "  |     ^^^^^^");
        assert_eq!(lines.get(5).unwrap(), "  = did you mean `s`?");
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("{}needle{}", "a".repeat(5_000_000), "b".repeat(5_000_000));
        let lines = shown(&text, 5_000_000, 5_000_006);
        let line = lines.get(3).unwrap();
        assert!(line.chars().count() < 110 && line.contains("…aaa") && line.ends_with("b…"), "{line}");
        let at = line.find("needle").map(|at| line.get(..at).unwrap().chars().count());
        assert_eq!(lines.get(4).unwrap().find('^'), at);
    }

    #[test]
    fn a_place_over_several_lines_or_at_the_end_marks_one_line() {
        assert_eq!(shown("{\n\"a\": [\n]}", 7, 10).get(4).unwrap(), "  |      ^");
        assert_eq!(shown("{\n", 2, 2).get(4).unwrap(), "  | ^");
        assert_eq!(shown("", 0, 0).get(4).unwrap(), "  | ^");
    }
}
