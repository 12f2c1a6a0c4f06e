//! An explanation as a page that needs nothing else: no script, no font, no picture from anywhere.

use super::text::{form, method, next, state, word};
use leadwright::engine::{Explained, Explanation, InFull};
use leadwright::model::Code;

const STYLE: &str = include_str!("page.css");

/// The page. It says what the text says, and has no value of the lead.
pub(super) fn page(explanation: &Explanation) -> String {
    let decision = &explanation.decision;
    let id = escaped(&decision.id.to_string());
    let outcome = decision.outcome.as_str();
    let mut page = Page::default();
    page.0 += "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
    page.0 += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
    // Even if something slipped in, nothing is loaded or run.
    page.0 +=
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n";
    page.0 += &format!("<title>{id}: {outcome}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n");
    page.0 += &format!("<header><h1>{id} <span class=\"outcome {outcome}\">{outcome}</span></h1>\n");
    page.0 += &format!("<p>decided at {} by plan <code>{}</code></p>\n", decision.at, escaped(&decision.plan));
    if let Some(state) = state(explanation.state) {
        page.0 += &format!("<p class=\"note\">{state}</p>\n");
    }
    if let Some(next) = next(decision.next.as_ref()) {
        page.0 += &format!("<p class=\"note\">{next}</p>\n");
    }
    page.0 += "</header>\n<main>\n";
    page.lead(explanation);
    if decision.trace.funnel.considered > 0 {
        page.funnel(explanation);
        page.list("Sales", explanation.sales.iter().map(|sale| sale.text.as_str()));
        page.list("Returned", explanation.returned.iter().map(|back| back.text.as_str()));
        page.list("Limits that decided", explanation.decisive.iter().map(|one| one.text.as_str()));
        page.near(explanation);
        page.groups(explanation);
    } else {
        page.0 += "<p>no contract was asked</p>\n";
    }
    page.0 += "</main>\n</body>\n</html>\n";
    page.0
}

#[derive(Default)]
struct Page(String);

impl Page {
    fn lead(&mut self, explanation: &Explanation) {
        let decision = &explanation.decision;
        if let Some(quality) = &decision.quality {
            let reasons = quality.reasons.iter().map(|reason| format!("{} {:+}", reason.code, reason.points));
            let reasons = escaped(&reasons.collect::<Vec<_>>().join(", "));
            self.0 += &format!("<p>quality {} of 1000: {reasons}</p>\n", quality.score);
        }
        for sold in &decision.assignments {
            let (buyer, contract) = (escaped(sold.buyer.as_str()), escaped(sold.contract.as_str()));
            let price = format!("{} {}", sold.price, decision.money.currency);
            self.0 += &format!(
                "<p class=\"sale\">sold to <b>{buyer}</b> under <b>{contract}</b> for <b>{}</b>, {}</p>\n",
                escaped(&price),
                form(sold.sale)
            );
        }
        if decision.problems.is_empty() {
            return;
        }
        self.0 += "<h2>Problems of the lead</h2>\n<table><thead><tr><th>code<th>where<th>what<th>found<th>expected</thead><tbody>\n";
        for problem in &decision.problems {
            self.row(&[
                problem.code.as_str(),
                &problem.path,
                problem.code.text(),
                problem.shape.as_deref().unwrap_or_default(),
                problem.expected.as_deref().unwrap_or_default(),
            ]);
        }
        self.0 += "</tbody></table>\n";
    }

    fn row(&mut self, cells: &[&str]) {
        self.0 += "<tr>";
        cells.iter().for_each(|cell| self.0 += &format!("<td>{}", escaped(cell)));
        self.0 += "\n";
    }

    /// Bars whose length is the share of the contracts that were left.
    fn funnel(&mut self, explanation: &Explanation) {
        let funnel = &explanation.decision.trace.funnel;
        let steps = [
            ("contracts of the route", funnel.considered),
            ("whose criteria are met", funnel.matched),
            ("open", funnel.open),
            ("able to take it", funnel.eligible),
            ("got it", funnel.sold),
        ];
        self.0 += "<h2>Funnel</h2>\n<table class=\"funnel\"><tbody>\n";
        for (name, count) in steps {
            let width = u64::from(count) * 100 / u64::from(funnel.considered.max(1));
            let width = if count > 0 { width.max(1) } else { 0 };
            let bar = format!("<div class=\"bar\" style=\"width:{width}%\"></div>");
            self.0 += &format!("<tr><th scope=\"row\">{name}<td class=\"count\">{count}<td class=\"bars\">{bar}\n");
        }
        self.0 += "</tbody></table>\n";
    }

    fn list<'a>(&mut self, title: &str, lines: impl Iterator<Item = &'a str>) {
        let lines: Vec<String> = lines.map(|line| format!("<li>{}\n", escaped(line))).collect();
        if !lines.is_empty() {
            self.0 += &format!("<h2>{title}</h2>\n<ul>\n{}</ul>\n", lines.concat());
        }
    }

    fn near(&mut self, explanation: &Explanation) {
        if explanation.near.is_empty() {
            return;
        }
        self.0 +=
            "<h2>Near misses</h2>\n<table class=\"near\"><thead><tr><th>contract<th>away<th>would</thead><tbody>\n";
        for near in &explanation.near {
            self.row(&[near.contract.as_str(), &near.text, &near.would]);
        }
        self.0 += "</tbody></table>\n";
    }

    fn groups(&mut self, explanation: &Explanation) {
        let mut group = "";
        for explained in &explanation.entries {
            let entry = &explained.entry;
            if entry.group != group {
                if !group.is_empty() {
                    self.0 += "</tbody></table>\n";
                }
                group = &entry.group;
                let by = escaped(method(&explanation.decision, group));
                self.0 += &format!("<h2>{} <small>by {by}</small></h2>\n", escaped(group));
                self.0 += "<table class=\"contracts\"><thead><tr><th>contract<th>what became of it<th>check<th>found<th>wanted</thead><tbody>\n";
            }
            self.contract(explained);
        }
        if !group.is_empty() {
            self.0 += "</tbody></table>\n";
        }
    }

    fn contract(&mut self, explained: &Explained) {
        let entry = &explained.entry;
        let name = escaped(entry.contract.as_str());
        let wants = explained.criteria.as_deref().map(|criteria| format!("<p>{}</p>", escaped(criteria)));
        let full = explained.full.as_ref().map(in_full).unwrap_or_default();
        let name = match wants {
            Some(wants) => {
                let open = if explained.full.is_some() { " open" } else { "" };
                format!("<details{open}><summary>{name}</summary>{wants}{full}</details>")
            }
            None => format!("{name}{full}"),
        };
        let part = |text: Option<&str>| escaped(text.unwrap_or_default());
        let class = class(entry.code);
        self.0 += &format!(
            "<tr class=\"{class}\"><td>{name}<td><span class=\"word\">{}</span><td>{}<td>{}<td>{}\n",
            word(entry.code),
            part(entry.check.as_deref()),
            part(entry.found.as_deref()),
            part(entry.wanted.as_deref())
        );
        for more in explained.failing.iter().skip(1) {
            self.0 += &format!(
                "<tr class=\"more\"><td><td>and {}<td>{}<td>{}<td>{}\n",
                word(more.code),
                part(more.check.as_deref()),
                part(more.found.as_deref()),
                part(more.wanted.as_deref())
            );
        }
    }
}

fn in_full(full: &InFull) -> String {
    let mut lines = vec![format!("buyer {}", full.buyer)];
    lines.extend(full.exclusive.map(|price| format!("{price} alone")));
    lines.extend(full.shared.map(|price| format!("{price} shared")));
    lines.push(if full.open { "open".to_owned() } else { "closed".to_owned() });
    for condition in &full.conditions {
        let met = match condition.met {
            Some(true) => "met",
            Some(false) => "not met",
            None => "cannot tell",
        };
        lines.push(format!("{met}: {}, wanted {}", condition.check, condition.wanted));
    }
    for cap in &full.caps {
        let used = cap.used.as_deref().unwrap_or("not looked at then");
        lines.push(format!("{}: {used} of {}", cap.check, cap.limit));
    }
    let items: Vec<String> = lines.iter().map(|line| format!("<li>{}", escaped(line))).collect();
    format!("<ul>{}</ul>", items.concat())
}

/// How a row is coloured.
fn class(code: Code) -> &'static str {
    match code {
        Code::ContractSold => "got",
        Code::CriteriaNotMet | Code::CriteriaUnknownMissingField | Code::CriteriaListUnavailable => "unmet",
        _ => "met",
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter => out.push(letter),
        }
    }
    out
}
