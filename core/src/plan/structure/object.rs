//! The keys of an object: known, there, and fitting together.

use super::super::fix::{added, guessed, sample};
use super::super::grammar::{Key, NOTE, Others, Rule, Shape};
use super::super::path::At;
use super::super::units::{Days, week_days};
use super::Checker;
use crate::model::{Code, Finding, Member, Node, NodeKind};
use crate::text::nearest;

impl Checker {
    /// Checks an object against its shape. `ahead` is whether something around it is reported as not built already.
    pub(super) fn object(&mut self, node: &Node, shape: &'static Shape, at: &At<'_>, ahead: bool) {
        for member in node.members() {
            if self.full {
                return;
            }
            self.member(member, shape, at, ahead);
        }
        if self.whole {
            self.missing(node, shape, at);
        }
        for rule in shape.rules {
            self.rule(node, shape, *rule, at);
        }
    }

    fn member(&mut self, member: &Member, shape: &'static Shape, at: &At<'_>, ahead: bool) {
        if member.key == NOTE && shape.takes_note() {
            return self.note(member, at);
        }
        match (shape.key(&member.key), shape.others) {
            (Some(key), _) => self.known(member, key, at, ahead),
            (None, Some(others)) => self.name(member, shape, others, at, ahead),
            (None, None) => self.unknown(member, shape, at),
        }
    }

    fn known(&mut self, member: &Member, key: &'static Key, at: &At<'_>, ahead: bool) {
        let inner = at.key(&member.key);
        if !key.built && !ahead {
            let message = format!("`{}` in {} cannot be acted upon by this version", key.name, at.said());
            self.say(Code::PlanNotInThisVersion, member.place, &inner, message);
        }
        self.value(&member.value, &key.is, &inner, ahead || !key.built);
    }

    fn name(&mut self, member: &Member, shape: &'static Shape, others: Others, at: &At<'_>, ahead: bool) {
        let inner = match others.what {
            Some(what) => at.named(what, &member.key),
            None => at.key(&member.key),
        };
        if let Err(misfit) = others.form.check(&member.key) {
            if misfit.suggestion.is_none() && nearest(&member.key, shape.known().map(|key| key.name)).is_some() {
                return self.unknown(member, shape, at);
            }
            let message = format!("`{}` is not a name that {} can hold", member.key, at.said());
            let finding = Finding::new(misfit.code, member.place, inner.pointer(), message);
            self.find(finding.expected(others.form.expected()).suggest(misfit.suggestion));
        }
        self.value(&member.value, &others.is, &inner, ahead);
    }

    fn unknown(&mut self, member: &Member, shape: &'static Shape, at: &At<'_>) {
        let near = nearest(&member.key, shape.known().map(|key| key.name));
        let message = format!("unknown field `{}` in {}", member.key, at.said());
        let path = at.key(&member.key).pointer();
        let fix = near.filter(|near| !near.alone).map(|near| guessed(member.place.span, near.name));
        let finding = Finding::new(Code::PlanUnknownField, member.place, path, message);
        let finding = finding.suggest(near.map(|near| near.name)).fixed_by(fix);
        self.find(if near.is_some() { finding } else { finding.expected(keys_of(shape)) });
    }

    pub(super) fn note(&mut self, member: &Member, at: &At<'_>) {
        if member.value.as_text().is_none() {
            let inner = at.key(NOTE);
            let message = format!("the note in {} is {}", at.said(), member.value.kind_name());
            let path = inner.pointer();
            self.find(Finding::new(Code::PlanWrongType, member.value.place, path, message).expected("a text"));
        }
    }

    fn missing(&mut self, node: &Node, shape: &'static Shape, at: &At<'_>) {
        for key in shape.known().filter(|key| key.required && node.get(key.name).is_none()) {
            let message = format!("`{}` is missing in {}", key.name, at.said());
            let finding = Finding::new(Code::PlanMissingField, head(node), at.pointer(), message);
            let fix = sample(&key.is).map(|text| added(node, key.name, &text));
            self.find(finding.expected(format!("`{}`: {}", key.name, key.says)).fixed_by(fix));
        }
        let named = || node.members().iter().any(|member| member.key != NOTE && shape.key(&member.key).is_none());
        if let Some(others) = shape.others.filter(|others| others.some && !named()) {
            let message = format!("{} names nothing", at.said());
            let finding = Finding::new(Code::PlanEmptyList, head(node), at.pointer(), message);
            self.find(finding.expected(format!("at least {}", others.form.expected())));
        }
    }

    fn rule(&mut self, node: &Node, shape: &'static Shape, rule: Rule, at: &At<'_>) {
        let there = |keys: &'static [&'static str]| node.members().iter().filter(|m| keys.contains(&m.key.as_str()));
        match rule {
            Rule::One(keys) | Rule::Some(keys) if there(keys).next().is_none() => {
                if self.whole {
                    let message = format!("{} has none of {}", at.said(), quoted(keys));
                    let finding = Finding::new(Code::PlanChooseOne, head(node), at.pointer(), message);
                    let first = keys.iter().find_map(|key| shape.key(key)).filter(|key| key.built);
                    let fix = first.and_then(|key| Some(added(node, key.name, &sample(&key.is)?)));
                    self.find(finding.expected(format!("one of {}", quoted(keys))).fixed_by(fix));
                }
            }
            Rule::One(keys) => {
                for second in there(keys).skip(1) {
                    let message = format!("{} may have only one of {}", at.said(), quoted(keys));
                    self.say(Code::PlanChooseOne, second.place, &at.key(&second.key), message);
                }
            }
            Rule::Some(_) => {}
            Rule::Needs(key, other) => {
                let lonely = node.members().iter().find(|m| m.key == key).filter(|_| node.get(other).is_none());
                if let Some(member) = lonely.filter(|_| self.whole) {
                    let message = format!("`{key}` in {} says nothing without `{other}`", at.said());
                    let finding = Finding::new(Code::PlanChooseOne, member.place, at.key(key).pointer(), message);
                    self.find(finding.expected(format!("`{other}` beside it")));
                }
            }
            Rule::DaysOnce => self.days_once(node, at),
        }
    }

    fn days_once(&mut self, node: &Node, at: &At<'_>) {
        let mut seen = Days::NONE;
        for member in node.members() {
            let Ok(days) = week_days(&member.key) else { continue };
            let again = days.both(seen);
            if !again.is_empty() {
                let message = format!("{} gives hours for {again} twice", at.said());
                self.say(Code::PlanDayTwice, member.place, &at.key(&member.key), message);
            }
            seen = seen.union(days);
        }
    }
}

/// The opening bracket: where to look when something is missing in an object.
pub(super) fn head(node: &Node) -> crate::model::Place {
    let mut place = node.place;
    if matches!(node.kind, NodeKind::Object(_) | NodeKind::List(_)) {
        place.span.end = place.span.end.min(place.span.start + 1);
    }
    place
}

fn quoted(keys: &[&str]) -> String {
    let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    keys.join(", ")
}

fn keys_of(shape: &'static Shape) -> String {
    let keys: Vec<&str> = shape.known().filter(|key| key.built).map(|key| key.name).collect();
    if keys.is_empty() { "nothing but a `note`".to_owned() } else { format!("one of {}", quoted(&keys)) }
}
