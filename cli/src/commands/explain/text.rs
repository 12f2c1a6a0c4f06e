//! An explanation to read in a terminal.

use leadwright::engine::{Explained, ExplainedState, Explanation, InFull};
use leadwright::model::{Code, Decision, Next, Sale};
use std::io::Write;

/// Names of contracts are padded to this.
const NAME: usize = 24;
/// So many near misses are told.
const NEAR: usize = 10;

pub(super) fn say(explanation: &Explanation, out: &mut dyn Write) {
    let decision = &explanation.decision;
    let _ = writeln!(out, "{}: {}, decided at {}", decision.id, decision.outcome.as_str(), decision.at);
    if let Some(state) = state(explanation.state) {
        let _ = writeln!(out, "  {state}");
    }
    if let Some(next) = next(decision.next.as_ref()) {
        let _ = writeln!(out, "  {next}");
    }
    about_lead(decision, out);
    let funnel = &decision.trace.funnel;
    if funnel.considered == 0 {
        let _ = writeln!(out, "  no contract was asked");
        return;
    }
    let _ = writeln!(
        out,
        "  {} contracts, {} whose criteria are met, {} open, {} able to take it, {} got it",
        funnel.considered, funnel.matched, funnel.open, funnel.eligible, funnel.sold
    );
    section("sales", explanation.sales.iter().map(|sale| sale.text.clone()), out);
    section("returned", explanation.returned.iter().map(|back| back.text.clone()), out);
    section("limits that decided", explanation.decisive.iter().map(|one| one.text.clone()), out);
    near(explanation, out);
    let mut group = "";
    for explained in &explanation.entries {
        if explained.entry.group != group {
            group = &explained.entry.group;
            let _ = writeln!(out, "\n  {group}, by {}", method(decision, group));
            auction(decision, group, out);
        }
        let _ = writeln!(out, "    {:<NAME$} {}", explained.entry.contract.as_str(), why(explained));
        for more in explained.failing.iter().skip(1) {
            let said = clause(more.check.as_deref(), more.found.as_deref(), more.wanted.as_deref());
            let said = said.unwrap_or_else(|| more.code.text().to_owned());
            let _ = writeln!(out, "    {:<NAME$} and {said}", "");
        }
        if let Some(full) = &explained.full {
            in_full(full, out);
        }
    }
}

/// Who was asked for bids, and what was heard of each.
fn auction(decision: &Decision, group: &str, out: &mut dyn Write) {
    let asked = decision.trace.groups.iter().find(|asked| asked.group == group);
    let bids = asked.map(|asked| asked.auction.as_slice()).unwrap_or_default();
    for bid in bids {
        let price = bid.price.map(|price| format!(" {price}")).unwrap_or_default();
        let until = bid.until.map(|until| format!(", until {until}")).unwrap_or_default();
        let heard = format!("{}{price} {} after {} ms{until}", bid.is, form(bid.sale), bid.took_ms);
        let _ = writeln!(out, "    {:<NAME$} asked: {heard}", bid.contract.as_str());
    }
}

/// Those that are nearest, and how many others there are.
fn near(explanation: &Explanation, out: &mut dyn Write) {
    let pad = " ".repeat(NAME + 5);
    let least = explanation.near.first().map_or(0, |near| near.failing);
    let nearest = || explanation.near.iter().filter(|near| near.failing == least).take(NEAR);
    let told = nearest().map(|near| format!("{:<NAME$} {}\n{pad}{}", near.contract.as_str(), near.text, near.would));
    let left = explanation.near.len().saturating_sub(nearest().count());
    let more = (left > 0).then(|| format!("and {left} more that are not as near, or as many criteria away"));
    section("near misses", told.chain(more), out);
}

/// What is done with a lead that waits.
pub(super) fn next(next: Option<&Next>) -> Option<String> {
    let Next { action, at, until } = next?;
    let until = until.map(|until| format!(", at the latest until {until}")).unwrap_or_default();
    match (action.as_str(), at) {
        ("retry", Some(at)) => Some(format!("it waits, and is decided again at {at}{until}")),
        ("hold", _) => Some(format!("it waits for somebody to release it{until}")),
        _ => None,
    }
}

/// On what it was decided, where it was not recorded.
pub(super) fn state(state: ExplainedState) -> Option<&'static str> {
    match state {
        ExplainedState::Recorded => None,
        ExplainedState::Current => Some("tried on the state of the store as it is now; nothing is recorded"),
        ExplainedState::Empty => {
            Some("tried on an empty state, with no cap used and no lead before it; nothing is recorded")
        }
    }
}

fn about_lead(decision: &Decision, out: &mut dyn Write) {
    for problem in &decision.problems {
        let shape = problem.shape.as_ref().map(|shape| format!(" ({shape})")).unwrap_or_default();
        let expected = problem.expected.as_ref().map(|expected| format!("; expected {expected}")).unwrap_or_default();
        let _ = writeln!(out, "  {} {}: {}{shape}{expected}", problem.code, problem.path, problem.code.text());
    }
    if let Some(quality) = &decision.quality {
        let reasons = quality.reasons.iter().map(|reason| format!("{} {:+}", reason.code, reason.points));
        let _ = writeln!(out, "  quality {} of 1000: {}", quality.score, reasons.collect::<Vec<_>>().join(", "));
    }
    for sold in &decision.assignments {
        let form = form(sold.sale);
        let _ = writeln!(out, "  sold to {} under {} for {}, {form}", sold.buyer, sold.contract, sold.price);
    }
}

pub(super) fn form(sale: Sale) -> &'static str {
    if sale == Sale::Exclusive { "alone" } else { "shared" }
}

fn section(title: &str, lines: impl Iterator<Item = String>, out: &mut dyn Write) {
    let mut lines = lines.peekable();
    if lines.peek().is_none() {
        return;
    }
    let _ = writeln!(out, "\n  {title}");
    lines.for_each(|line| drop(writeln!(out, "    {line}")));
}

pub(super) fn method<'a>(decision: &'a Decision, group: &str) -> &'a str {
    let asked = decision.trace.groups.iter().find(|asked| asked.group == group);
    asked.map_or("?", |asked| asked.select.as_str())
}

fn in_full(full: &InFull, out: &mut dyn Write) {
    let prices = [(full.exclusive, "alone"), (full.shared, "shared")];
    let prices: Vec<String> =
        prices.into_iter().filter_map(|(price, form)| Some(format!("{} {form}", price?))).collect();
    let _ = writeln!(out, "      buyer        {}", full.buyer);
    let _ = writeln!(out, "      price        {}", prices.join(", "));
    let _ = writeln!(out, "      hours        {}", if full.open { "open" } else { "closed" });
    for condition in &full.conditions {
        let met = match condition.met {
            Some(true) => "met",
            Some(false) => "not met",
            None => "cannot tell",
        };
        let found = condition.found.as_deref().unwrap_or("missing");
        let found = if condition.check.starts_with("where.list") || is_joined(&condition.check) {
            String::new()
        } else {
            format!(" is {found},")
        };
        let _ = writeln!(out, "      {met:<12} {}{found} wanted {}", condition.check, condition.wanted);
    }
    for cap in &full.caps {
        let used = cap.used.as_deref().unwrap_or("not looked at then");
        let _ = writeln!(out, "      cap          {}: {used} of {}", cap.check, cap.limit);
    }
}

fn is_joined(check: &str) -> bool {
    matches!(check, "where.any" | "where.all" | "where.area")
}

/// What became of a contract, in a word or two.
pub(super) fn word(code: Code) -> &'static str {
    match code {
        Code::ContractSold => "sold",
        Code::ContractCaps => "capped",
        Code::ContractClosed => "closed",
        Code::ContractPaused => "paused",
        Code::ContractBreakerOpen => "not called",
        Code::ContractNoBid => "no bid",
        Code::ContractBadBid => "bad bid",
        Code::ContractBidTimeout => "no bid in time",
        Code::ContractNotAsked => "not asked for a bid",
        Code::ContractOutranked => "outranked",
        Code::ContractDuplicate => "duplicate",
        Code::CriteriaNotMet => "not eligible",
        Code::CriteriaUnknownMissingField => "not eligible, the field is missing",
        code => code.text(),
    }
}

/// `not eligible: where.roof_age is 9, wanted 10 or more`
fn why(explained: &Explained) -> String {
    let entry = &explained.entry;
    let word = word(entry.code);
    match clause(entry.check.as_deref(), entry.found.as_deref(), entry.wanted.as_deref()) {
        Some(clause) => format!("{word}: {clause}"),
        None => word.to_owned(),
    }
}

/// `where.roof_age is 9, wanted 10 or more`
fn clause(check: Option<&str>, found: Option<&str>, wanted: Option<&str>) -> Option<String> {
    let mut text = check?.to_owned();
    if let Some(found) = found {
        text.push_str(&format!(" is {found}"));
    }
    if let Some(wanted) = wanted {
        text.push_str(&format!(", wanted {wanted}"));
    }
    Some(text)
}
