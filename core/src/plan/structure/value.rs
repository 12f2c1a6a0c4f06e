//! A value: of the right type, in the right form, within its range.

use super::super::fix::guessed;
use super::super::grammar::{Form, Is, Word};
use super::super::path::At;
use super::Checker;
use super::object::head;
use crate::model::{Code, Finding, Fix, Node, NodeKind, limits};
use crate::text::nearest;

/// Numbers that every language holds exactly.
pub(super) const EXACT: i64 = (1 << 53) - 1;

impl Checker {
    /// Checks a value. `ahead` is whether something around it is reported as not built already.
    pub(super) fn value(&mut self, node: &Node, is: &Is, at: &At<'_>, ahead: bool) {
        let Some(is) = is.chosen(&node.kind) else { return self.wrong_type(node, is, at) };
        match (is, &node.kind) {
            (Is::Text(form), NodeKind::Text(text)) => self.form(node, form, text, at),
            (Is::Word(words), NodeKind::Text(text)) => self.word(node, words, text, at, ahead),
            (Is::Whole(least, most), _) => self.whole(node, least, most, at),
            (Is::Scalar, NodeKind::Number(_)) => self.whole(node, -EXACT, EXACT, at),
            (Is::List(item) | Is::Set(item), NodeKind::List(items)) => self.list(node, items, item, at, ahead),
            (Is::Object(shape), _) => self.object(node, shape, at, ahead),
            (Is::Criteria, _) => self.criteria(node, at, ahead),
            _ => {}
        }
    }

    fn form(&mut self, node: &Node, form: Form, text: &str, at: &At<'_>) {
        let Err(misfit) = form.check(text) else { return };
        let message = format!("{} is \"{}\"", at.said(), shown(text));
        let finding = Finding::new(misfit.code, node.place, at.pointer(), message);
        self.find(finding.expected(form.expected()).suggest(misfit.suggestion));
    }

    fn word(&mut self, node: &Node, words: &[Word], text: &str, at: &At<'_>, ahead: bool) {
        match words.iter().find(|word| word.name == text) {
            Some(word) if word.built || ahead => {}
            Some(_) => {
                let message = format!("{} is \"{text}\", which this version cannot act upon", at.said());
                let finding = Finding::new(Code::PlanNotInThisVersion, node.place, at.pointer(), message);
                self.find(finding.expected(one_of(words.iter().filter(|word| word.built))));
            }
            None => {
                let message = format!("{} is \"{}\"", at.said(), shown(text));
                let near = nearest(text, words.iter().map(|word| word.name));
                let finding = Finding::new(Code::PlanUnknownWord, node.place, at.pointer(), message);
                let fix = near.filter(|near| !near.alone).map(|near| guessed(node.place.span, near.name));
                self.find(finding.expected(one_of(words.iter())).suggest(near.map(|near| near.name)).fixed_by(fix));
            }
        }
    }

    pub(super) fn whole(&mut self, node: &Node, least: i64, most: i64, at: &At<'_>) {
        let NodeKind::Number(text) = &node.kind else { return };
        let found = match node.as_int() {
            None if !is_whole(text) => Some(Code::PlanNotAnInteger),
            Some(n) if (least..=most).contains(&n) => None,
            _ => Some(Code::PlanOutOfRange),
        };
        let Some(code) = found else { return };
        let message = format!("{} is {}", at.said(), shown(text));
        let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
        let fix = whole.parse::<i64>().ok().map(|n| {
            let near = n.clamp(least, most);
            // `3.0` is 3; everything else is another number.
            let same = near == n && rest.bytes().all(|byte| byte == b'0');
            Fix { safe: same, ..Fix::safe(node.place.span, near.to_string()) }
        });
        self.find(Finding::new(code, node.place, at.pointer(), message).expected(range(least, most)).fixed_by(fix));
    }

    fn list(&mut self, node: &Node, items: &[Node], is: &Is, at: &At<'_>, ahead: bool) {
        self.length(node, items, at);
        for (n, item) in items.iter().enumerate() {
            if self.full {
                return;
            }
            self.value(item, is, &at.item(n), ahead);
        }
    }

    /// A list in a plan is neither empty (rule 77) nor so long that it should be a file.
    pub(super) fn length(&mut self, node: &Node, items: &[Node], at: &At<'_>) {
        if items.is_empty() && self.whole {
            let message = format!("{} is an empty list", at.said());
            self.say(Code::PlanEmptyList, node.place, at, message);
        }
        if items.len() > limits::INLINE_LIST {
            let message = format!("{} has {} entries", at.said(), items.len());
            let finding = Finding::new(Code::PlanListTooLong, head(node), at.pointer(), message);
            self.find(finding.expected(format!("at most {}", limits::INLINE_LIST)));
        }
    }

    fn wrong_type(&mut self, node: &Node, is: &Is, at: &At<'_>) {
        let message = format!("{} is {}", at.said(), node.kind_name());
        let finding = Finding::new(Code::PlanWrongType, head(node), at.pointer(), message);
        self.find(finding.expected(expected(is)).suggest(retyped(node, is)));
    }
}

/// What may stand at a place, as it follows "expected".
pub(super) fn expected(is: &Is) -> String {
    match is {
        Is::Text(form) => form.expected().to_owned(),
        Is::Word(words) => one_of(words.iter()),
        Is::Whole(least, most) => range(*least, *most),
        Is::Flag => "true or false".to_owned(),
        Is::Scalar => "a text, a whole number, true or false".to_owned(),
        Is::List(item) | Is::Set(item) => format!("a list, each {}", expected(item)),
        Is::Object(shape) => format!("an object: {}", lower_first(shape.says)),
        Is::Criteria => r#"conditions in an object, like { "state": ["TX"] }"#.to_owned(),
        Is::OneOf(choices) => choices.iter().map(expected).collect::<Vec<_>>().join("; or "),
    }
}

fn range(least: i64, most: i64) -> String {
    match least {
        least if least == -EXACT => "a whole number within ±(2^53 − 1)".to_owned(),
        _ => format!("a whole number from {least} to {most}"),
    }
}

/// The same value in the type it should have had, when that is plain.
fn retyped(node: &Node, is: &Is) -> Option<String> {
    match (is, &node.kind) {
        (Is::OneOf(choices), _) => choices.iter().find_map(|is| retyped(node, is)),
        (Is::Text(form), NodeKind::Number(text)) => form.of_number(text).map(|text| format!("\"{text}\"")),
        (Is::Whole(least, most), NodeKind::Text(text)) => {
            let fits = |n: &i64| (least..=most).contains(&n);
            text.trim().parse::<i64>().ok().filter(fits).map(|n| n.to_string())
        }
        (Is::Flag, NodeKind::Text(text)) => flag(text).map(str::to_owned),
        (Is::Flag, NodeKind::Number(text)) => flag(text).map(str::to_owned),
        (Is::List(item) | Is::Set(item), NodeKind::Text(text)) if item.takes(&node.kind) => {
            Some(format!("[\"{}\"]", shown(text)))
        }
        _ => None,
    }
}

fn flag(text: &str) -> Option<&'static str> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" | "on" | "1" => Some("true"),
        "false" | "no" | "n" | "off" | "0" => Some("false"),
        _ => None,
    }
}

fn is_whole(text: &str) -> bool {
    text.strip_prefix('-').unwrap_or(text).bytes().all(|b| b.is_ascii_digit())
}

fn one_of<'a>(words: impl Iterator<Item = &'a Word>) -> String {
    let words: Vec<String> = words.map(|word| format!("\"{}\"", word.name)).collect();
    format!("one of {}", words.join(", "))
}

/// A text of the plan as a message shows it: not longer than helps.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn lower_first(text: &str) -> String {
    let text = text.strip_suffix('.').unwrap_or(text);
    let mut letters = text.chars();
    letters.next().map(|c| c.to_ascii_lowercase()).into_iter().chain(letters).collect()
}
