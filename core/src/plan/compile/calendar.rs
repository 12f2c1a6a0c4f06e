//! Hours, caps and rates.

use super::super::compiled::{Calendar, OutsideCallWindow};
use super::super::units::{duration_millis, hours_range, week_days};
use super::{Compiler, declared, money_of, text_of};
use crate::limits::{CallRules, Cap, Measure, OpenHours, Owner, Rate, Schedule, Starts, Window, Zone};
use crate::model::{Code, Finding, Node, NodeKind};
use std::sync::Arc;

impl Compiler {
    /// Hours that are declared by name.
    pub(super) fn hours(&mut self, node: Option<&Node>) {
        for member in declared(node) {
            self.names.hours.insert(member.key.clone(), weekly(&member.value));
        }
    }

    /// The hours of a contract: a name, a range for every day, or an object.
    pub(super) fn schedule(&mut self, node: Option<&Node>, path: &str) -> Schedule {
        let Some(node) = node else { return Schedule::default() };
        let NodeKind::Text(text) = &node.kind else { return weekly(node) };
        if let Ok(range) = hours_range(text) {
            let hours = OpenHours { start: range.start(), end: range.end() };
            return Schedule::weekly((0..7).map(|day| (day, hours)), []);
        }
        if let Some(schedule) = self.names.hours.get(text) {
            return schedule.clone();
        }
        let known: Vec<String> = self.names.hours.keys().cloned().collect();
        let path = format!("{path}/hours");
        self.unknown("hours", text, node.place, path, known.iter().map(String::as_str));
        Schedule::default()
    }

    /// What a contract does while the consumer may not be called.
    pub(super) fn call_window(&mut self, node: Option<&Node>, path: &str) -> Option<OutsideCallWindow> {
        let node = node?;
        let (rules, place) = match &node.kind {
            NodeKind::Text(_) => (node, format!("{path}/call_window")),
            _ => (node.get("rules")?, format!("{path}/call_window/rules")),
        };
        let name = rules.as_text()?;
        if self.names.call_rules.is_none() {
            self.names.call_rules = CallRules::named(name).map(Arc::new);
        }
        if !CallRules::NAMES.contains(&name) {
            self.unknown("call window", name, rules.place, place, CallRules::NAMES);
        }
        Some(match text_of(node, "outside") {
            Some("sell") => OutsideCallWindow::Sell,
            Some("hold") => OutsideCallWindow::Hold,
            _ => OutsideCallWindow::Skip,
        })
    }
}

fn weekly(node: &Node) -> Schedule {
    let closed = node.get("closed").map(Node::items).unwrap_or_default();
    let closed = closed.iter().filter_map(|date| date.as_text()?.parse().ok());
    let days = declared(Some(node)).filter(|member| member.key != "closed");
    let hours = days.flat_map(|member| {
        let days = week_days(&member.key).ok();
        let ranges: Vec<OpenHours> = member.value.items().iter().filter_map(open_hours).collect();
        let each = days.into_iter().flat_map(|days| days.iter().collect::<Vec<u8>>());
        each.flat_map(move |day| ranges.clone().into_iter().map(move |range| (day, range)))
    });
    Schedule::weekly(hours.collect::<Vec<_>>(), closed.collect::<Vec<_>>())
}

fn open_hours(node: &Node) -> Option<OpenHours> {
    let range = hours_range(node.as_text()?).ok()?;
    Some(OpenHours { start: range.start(), end: range.end() })
}

impl Compiler {
    /// The caps of an owner, in the order of their windows.
    pub(super) fn calendar(&mut self, node: &Node, path: &str, owner: &Owner, zone: &Zone, starts: Starts) -> Calendar {
        let caps = node.get("caps").map_or_else(Vec::new, |caps| {
            let by_window = Window::ALL.iter().filter_map(|window| Some((*window, caps.get(window.as_str())?)));
            let mut all: Vec<Cap> = by_window.flat_map(|(window, cap)| caps_of(cap, owner, window)).collect();
            if let Some(rolling) = caps.get("rolling") {
                let millis = self.within(rolling, &format!("{path}/caps/rolling"));
                all.extend(caps_of(rolling, owner, Window::Rolling(millis.unwrap_or(0))));
            }
            all
        });
        Calendar { caps, zone: zone.clone(), starts }
    }

    /// The rate of a contract, or of what a route offers again.
    pub(super) fn rate(&mut self, node: &Node, path: &str) -> Option<Rate> {
        let node = node.get("rate")?;
        let within = self.within(node, &format!("{path}/rate"))?;
        Some(Rate { count: node.get("count")?.as_int()?, within })
    }

    /// A span in which something is counted, in milliseconds. In one without length nothing is.
    fn within(&mut self, node: &Node, path: &str) -> Option<i64> {
        let within = node.get("within")?;
        let millis = duration_millis(within.as_text()?).ok()?;
        if millis == 0 {
            let message = "in a span without length nothing is counted";
            let finding = Finding::new(Code::PlanOutOfRange, within.place, format!("{path}/within"), message);
            self.find(finding.expected("more than 0, like \"24h\""));
        }
        Some(millis)
    }
}

/// `25`, or a count and a sum of money that hold together.
fn caps_of(node: &Node, owner: &Owner, window: Window) -> Vec<Cap> {
    let overshoot = text_of(node, "overshoot") == Some("last");
    let cap = |measure, limit| Cap { overshoot, ..Cap::new(owner.clone(), window, measure, limit) };
    let count = node.as_int().or_else(|| node.get("count")?.as_int());
    let spend = money_of(node, "spend").map(|money| money.units());
    let of_sold = text_of(node, "of").is_none_or(|of| of == "sold");
    let count = count.filter(|_| of_sold).map(|limit| cap(Measure::Count, limit));
    count.into_iter().chain(spend.map(|limit| cap(Measure::Spend, limit))).collect()
}
