//! The report as a page: one file, with nothing from elsewhere in it.

use super::super::what_if::{count, escape, page, signed, stack, swing};
use super::tell::{bound, percent, rate, shown, times};
use leadwright::parity::{Check, ClassSummary, Example, StepCheck, StepSummary, Summary};
use std::fmt::Write as _;

/// More classes of a step than this are left out.
const CLASSES: usize = 40;

pub(super) fn report(summary: &Summary, check: &Check) -> String {
    let title = format!("Parity: {}", summary.migration);
    let mut body = format!("<h1>{}</h1>\n", escape(&title));
    let since = summary.since.as_ref().map(|since| format!(", counted since {}", escape(since))).unwrap_or_default();
    let steps = summary.steps.len();
    let plural = if steps == 1 { "" } else { "s" };
    let _ = writeln!(
        body,
        "<p class=\"soft\">{steps} step{plural} of the migration{since}. No value of a lead is shown but where the ledger was told to keep them.</p>"
    );
    body += "<div class=\"cards\">";
    for (name, step) in &summary.steps {
        card(&mut body, name, step, check.steps.get(name));
    }
    body += "</div>\n";
    for (name, step) in &summary.steps {
        self::step(&mut body, name, step, check.steps.get(name));
    }
    page(&title, &body)
}

fn card(body: &mut String, name: &str, step: &StepSummary, check: Option<&StepCheck>) {
    let (word, class) = verdict(check);
    let _ = write!(
        body,
        "<div class=\"card\"><span class=\"soft\">{}</span><b class=\"{class}\">{word}</b><span>{} compared, {} differ</span></div>",
        escape(name),
        count(step.compared),
        percent(step.mismatched.rate)
    );
}

fn verdict(check: Option<&StepCheck>) -> (&'static str, &'static str) {
    if check.is_some_and(|check| check.ready) { ("ready", "more") } else { ("not ready", "less") }
}

fn step(body: &mut String, name: &str, step: &StepSummary, check: Option<&StepCheck>) {
    let (word, class) = verdict(check);
    let _ = writeln!(body, "<h2>{}: <span class=\"{class}\">{word}</span></h2>", escape(name));
    *body += "<div class=\"wide\"><table><tr><th>condition</th><th></th><th>found</th><th>wanted</th></tr>";
    for condition in check.into_iter().flat_map(|check| &check.conditions) {
        let (mark, class) = if condition.met { ("holds", "more") } else { ("fails", "less") };
        let _ = write!(
            body,
            "<tr><td>{}</td><td class=\"{class}\">{mark}</td><td>{}</td><td class=\"soft\">{}</td></tr>",
            escape(&condition.condition.replace('_', " ")),
            escape(&condition.found),
            escape(&condition.wanted)
        );
    }
    *body += "</table></div>\n";
    verdicts(body, step);
    classes(body, step);
    known(body, step);
    facts(body, step);
}

fn verdicts(body: &mut String, step: &StepSummary) {
    let units = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let parts =
        [("sure", units(step.matched)), ("terms", units(step.known.count)), ("less", units(step.mismatched.count))];
    let _ = writeln!(
        body,
        "<div class=\"bars\"><span>compared</span>{}<span class=\"n\">{}</span></div>\n<p class=\"legend\">\
         <span><i class=\"key\" style=\"background:var(--sure)\"></i>{} the same</span>\
         <span><i class=\"key\" style=\"background:var(--terms)\"></i>{} known</span>\
         <span><i class=\"key\" style=\"background:var(--less)\"></i>{} differ</span></p>",
        stack(&parts, units(step.compared)),
        count(step.compared),
        count(step.matched),
        count(step.known.count),
        count(step.mismatched.count)
    );
    let noise = step.noise.map(|noise| format!(" The legacy against itself: {}.", rate(noise))).unwrap_or_default();
    let _ = writeln!(body, "<p>Mismatches: {}{}.{noise}</p>", rate(step.mismatched), bound(step));
}

fn classes(body: &mut String, step: &StepSummary) {
    if step.classes.is_empty() {
        *body += "<p class=\"soft\">No difference was seen.</p>\n";
        return;
    }
    let most = step.classes.iter().map(|class| class.money.units().abs()).max().unwrap_or(0);
    *body += "<div class=\"wide\"><table><tr><th>what differs</th><th class=\"n\">times</th><th class=\"n\">not declared</th>\
              <th class=\"n\">money</th><th>what we take more or less</th></tr>";
    for class in step.classes.iter().take(CLASSES) {
        let place =
            if class.path.is_empty() { String::new() } else { format!(" at <code>{}</code>", escape(&class.path)) };
        let _ = write!(
            body,
            "<tr><td>{}{place}{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td></tr>",
            escape(&class.class.to_string().replace('_', " ")),
            examples(class),
            count(class.count),
            count(class.unexplained),
            signed(class.money),
            if most > 0 { swing(class.money.units(), most) } else { String::new() }
        );
    }
    *body += "</table></div>\n";
    if step.classes.len() > CLASSES {
        let _ = writeln!(body, "<p class=\"soft\">and {} more</p>", step.classes.len() - CLASSES);
    }
}

fn examples(class: &ClassSummary) -> String {
    if class.examples.is_empty() {
        return String::new();
    }
    let mut text = format!("<details><summary class=\"soft\">{} examples</summary>", class.examples.len());
    for example in &class.examples {
        let Example { which, at, key, legacy, candidate, pair } = example;
        let key = key.as_ref().map(|key| format!(" <code>{}</code>", escape(key))).unwrap_or_default();
        let pair = pair.map(|pair| format!(", pair {pair}")).unwrap_or_default();
        let side = |side: &Option<_>| format!("<code>{}</code>", escape(&short(&shown(side.as_ref()))));
        let _ = write!(text, "<p>{which}, {at}{key}: legacy {}, candidate {}{pair}</p>", side(legacy), side(candidate));
    }
    text + "</details>"
}

/// A value that is kept may be long.
fn short(text: &str) -> String {
    const LONGEST: usize = 200;
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

fn known(body: &mut String, step: &StepSummary) {
    if step.known_differences.is_empty() {
        return;
    }
    *body += "<div class=\"wide\"><table><tr><th>declared difference</th><th class=\"n\">times</th><th>by</th><th>until</th><th>because</th></tr>";
    for known in &step.known_differences {
        let _ = write!(
            body,
            "<tr><td>{}</td><td class=\"n\">{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escape(&known.id),
            count(known.count),
            escape(&known.owner),
            escape(&known.expires),
            escape(&known.reason)
        );
    }
    *body += "</table></div>\n";
}

fn facts(body: &mut String, step: &StepSummary) {
    for (name, latency) in [("The legacy", step.legacy_latency), ("The candidate", step.candidate_latency)] {
        if latency.count > 0 {
            let _ = writeln!(body, "<p>{name} took {}.</p>", times(latency));
        }
    }
    let counts: Vec<String> = step
        .counts
        .iter()
        .map(|(name, number)| format!("{} {}", escape(&name.replace('_', " ")), count(*number)))
        .collect();
    if !counts.is_empty() {
        let _ = writeln!(body, "<p class=\"soft\">{}</p>", counts.join(", "));
    }
}
