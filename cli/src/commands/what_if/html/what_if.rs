//! The page of `what-if`.

use super::super::chart::{Lines, columns, escape, stack, swing};
use super::{ROWS, caps, class, count, less, money, page, rest, signed, signed_count, time};
use leadwright::model::Money;
use leadwright::whatif::{Contracts, History, Part, Reason, Sums, Total, WhatIfReport};
use std::fmt::Write as _;

pub(in super::super) fn what_if(report: &WhatIfReport) -> String {
    let (old, new) = (report.total.old, report.total.new);
    let title = format!("What if: {}", report.plans.new.name);
    let mut body = format!("<h1>{}</h1>\n", escape(&title));
    let hash = |hash: &str| hash.chars().take(19).collect::<String>();
    let _ = writeln!(
        body,
        "<p class=\"soft\">{} leads, {} to {}, decided by <code>{}</code> (old) and by <code>{}</code> (new). \
         Amounts in {}.{}</p>",
        count(report.leads.read),
        time(report.leads.first),
        time(report.leads.last),
        hash(&report.plans.old.hash),
        hash(&report.plans.new.hash),
        report.currency,
        aside(report)
    );
    body += "<div class=\"cards\">";
    card(&mut body, "revenue", old.sums.revenue, new.sums.revenue, class);
    // More for the sources is neither good nor bad by itself.
    card(&mut body, "payout to sources", old.sums.payout, new.sums.payout, |_| "soft");
    card(&mut body, "margin", old.sums.margin, new.sums.margin, class);
    let apart = signed_count(old.sums.sold, new.sums.sold);
    let units = i64::try_from(new.sums.sold).unwrap_or(0) - i64::try_from(old.sums.sold).unwrap_or(0);
    let _ = write!(
        body,
        "<div class=\"card\"><span class=\"soft\">leads sold, of {}</span><b>{}</b><span class=\"{}\">{apart} leads</span></div></div>",
        count(new.leads),
        count(new.sums.sold),
        class(units)
    );
    basis(report, &mut body);
    over_time(report, &mut body);
    outcomes(report, &mut body);
    contracts("Contracts", &report.contracts, &mut body);
    contracts("Buyers", &report.buyers, &mut body);
    sources(&report.sources, &mut body);
    body += "<h2>When caps fill</h2>\n";
    caps("By the new plan", &report.caps.new, &mut body);
    caps("By the old plan", &report.caps.old, &mut body);
    changes(report, &mut body);
    page(&title, &body)
}

fn aside(report: &WhatIfReport) -> String {
    let mut text = String::new();
    if report.leads.again > 0 {
        let _ = write!(text, " {} requests came again and were answered before.", count(report.leads.again));
    }
    if report.leads.no_lead > 0 {
        let _ = write!(text, " {} lines were no lead.", count(report.leads.no_lead));
    }
    text
}

fn card(body: &mut String, name: &str, old: Money, new: Money, class: fn(i64) -> &'static str) {
    let apart = less(old, new);
    let _ = write!(
        body,
        "<div class=\"card\"><span class=\"soft\">{name}</span><b>{}</b><span class=\"{}\">{}</span></div>",
        money(new),
        class(apart.units()),
        signed(apart)
    );
}

fn basis(report: &WhatIfReport, body: &mut String) {
    let basis = &report.basis;
    let old = report.total.old.sums.revenue;
    let (of_history, whose) = match basis.history {
        History::Store => ("the recorded decisions", "recorded"),
        History::OldPlan => ("what the old plan decides, as no decision store was given", "old plan"),
    };
    let _ = writeln!(
        body,
        "<h2>What is known, and what is assumed</h2>\n<p>The difference in revenue is <b>{}</b>. If every sale fails that is \
         only assumed, it is <b>{}</b>: the truth lies between. The history is {of_history}.</p>",
        signed(basis.difference),
        signed(basis.without_assumed)
    );
    let most = old.max(report.total.new.sums.revenue).units();
    let parts = [
        ("sure", basis.observed.revenue.units()),
        ("terms", basis.other_terms.revenue.units()),
        ("never", basis.never_offered.revenue.units()),
    ];
    let _ = writeln!(
        body,
        "<div class=\"bars\"><span>old</span>{}<span class=\"n\">{}</span><span>new</span>{}<span class=\"n\">{}</span></div>",
        stack(&[("was", old.units())], most),
        money(old),
        stack(&parts, most),
        money(report.total.new.sums.revenue)
    );
    *body += "<table><tr><th>sales of the new plan</th><th class=\"n\">sales</th><th class=\"n\">revenue</th><th class=\"n\">margin</th><th></th></tr>";
    let mut row = |colour: &str, name: &str, part: Part, meaning: &str| {
        let margin = if colour == "old" { String::new() } else { money(part.margin) };
        let _ = write!(
            body,
            "<tr><td><span class=\"key\" style=\"background:var(--{colour})\"></span>{name}</td><td class=\"n\">{}</td>\
             <td class=\"n\">{}</td><td class=\"n\">{margin}</td><td class=\"soft\">{meaning}</td></tr>",
            count(part.sales),
            money(part.revenue)
        );
    };
    row("sure", "observed", basis.observed, "the same contract bought the lead, in the same form, for as much or more");
    row(
        "terms",
        "assumed: other terms",
        basis.other_terms,
        "the buyer bought the lead, but for less, in another form or contract",
    );
    row(
        "never",
        "assumed: never offered",
        basis.never_offered,
        "the buyer never had the lead; nobody knows whether it would take it",
    );
    row("old", "given up", basis.given_up, "sales that happened and that the new plan does not make");
    *body += "</table>\n";
    if basis.unlike_history > 0 {
        let _ = writeln!(
            body,
            "<p>The old plan decides {} leads in another way than was {whose}: the history had other plans, counts or lists.</p>",
            count(basis.unlike_history)
        );
    }
}

fn over_time(report: &WhatIfReport, body: &mut String) {
    if report.hours.is_empty() {
        return;
    }
    let by_day = report.hours.len() > 72;
    let mut labels: Vec<String> = Vec::new();
    let (mut old, mut new): (Vec<i64>, Vec<i64>) = (Vec::new(), Vec::new());
    let year = |point: &leadwright::whatif::Point| point.hour.get(..4).map(str::to_owned);
    let one_year = report.hours.first().and_then(year) == report.hours.last().and_then(year);
    let one_day = report
        .hours
        .iter()
        .all(|point| point.hour.get(..10) == report.hours.first().and_then(|first| first.hour.get(..10)));
    for point in &report.hours {
        let (date, hour) = point.hour.split_once('T').unwrap_or((&point.hour, ""));
        let label = match (by_day, one_day) {
            (true, _) if one_year => date.get(5..).unwrap_or(date).to_owned(),
            (true, _) => date.to_owned(),
            (false, true) => format!("{hour}:00"),
            (false, false) => format!("{} {hour}:00", date.get(5..).unwrap_or(date)),
        };
        let units = |sums: &Sums| sums.revenue.units() / Money::SCALE;
        if labels.last() == Some(&label) {
            if let (Some(a), Some(b)) = (old.last_mut(), new.last_mut()) {
                (*a, *b) = (*a + units(&point.sums.old), *b + units(&point.sums.new));
            }
            continue;
        }
        labels.push(label);
        old.push(units(&point.sums.old));
        new.push(units(&point.sums.new));
    }
    let what = if by_day { "Revenue by day" } else { "Revenue by hour" };
    let _ = writeln!(
        body,
        "<h2>{what}</h2>\n<p class=\"legend soft\"><span><span class=\"key\" style=\"background:var(--old)\"></span>old, dashed</span>\
         <span><span class=\"key\" style=\"background:var(--new)\"></span>new</span></p>\n{}",
        Lines { labels: &labels, values: [&old, &new], title: what }.svg()
    );
    let apart: Vec<i64> = old.iter().zip(&new).map(|(old, new)| new - old).collect();
    let _ = writeln!(body, "<p class=\"soft\">The difference: new less old</p>\n{}", columns(&labels, &apart));
}

fn outcomes(report: &WhatIfReport, body: &mut String) {
    *body += "<h2>What becomes of the leads</h2>\n<table><tr><th>outcome</th><th class=\"n\">old</th><th class=\"n\">new</th><th class=\"n\">difference</th></tr>";
    for row in &report.outcomes {
        let (old, new) = (row.count.old, row.count.new);
        let apart = if old == new { String::new() } else { signed_count(old, new) };
        let _ = write!(
            body,
            "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{apart}</td></tr>",
            row.outcome.as_str(),
            count(old),
            count(new)
        );
    }
    *body += "</table>\n";
}

fn contracts(title: &str, rows: &[Contracts<Sums>], body: &mut String) {
    if rows.is_empty() {
        return;
    }
    let apart = |row: &Contracts<Sums>| less(row.sums.old.revenue, row.sums.new.revenue);
    let most = rows.iter().map(|row| apart(row).units().abs()).max().unwrap_or(1);
    let _ = writeln!(
        body,
        "<h2>{title}</h2>\n<div class=\"wide\"><table><tr><th></th><th class=\"n\">sold, old</th><th class=\"n\">sold, new</th>\
         <th class=\"n\">revenue, old</th><th class=\"n\">revenue, new</th><th class=\"n\">difference</th><th></th></tr>"
    );
    for row in rows.iter().take(ROWS) {
        let (old, new, apart) = (row.sums.old, row.sums.new, apart(row));
        let _ = writeln!(
            body,
            "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>\
             <td class=\"n {}\">{}</td><td>{}</td></tr>",
            escape(&row.id),
            count(old.sold),
            count(new.sold),
            money(old.revenue),
            money(new.revenue),
            class(apart.units()),
            if apart == Money::ZERO { String::new() } else { signed(apart) },
            swing(apart.units(), most)
        );
    }
    *body += "</table></div>\n";
    rest(rows.len(), body);
}

fn sources(rows: &[Contracts<Total>], body: &mut String) {
    *body += "<h2>Sources</h2>\n<div class=\"wide\"><table><tr><th></th><th class=\"n\">leads</th><th class=\"n\">sold, old</th><th class=\"n\">sold, new</th>\
              <th class=\"n\">payout, old</th><th class=\"n\">payout, new</th><th class=\"n\">margin, old</th><th class=\"n\">margin, new</th></tr>";
    for row in rows.iter().take(ROWS) {
        let (old, new) = (row.sums.old, row.sums.new);
        let _ = write!(body, "<tr><td>{}</td>", escape(&row.id));
        let cells = [
            count(new.leads),
            count(old.sums.sold),
            count(new.sums.sold),
            money(old.sums.payout),
            money(new.sums.payout),
            money(old.sums.margin),
            money(new.sums.margin),
        ];
        for cell in cells {
            let _ = write!(body, "<td class=\"n\">{cell}</td>");
        }
        *body += "</tr>\n";
    }
    *body += "</table></div>\n";
    rest(rows.len(), body);
}

fn changes(report: &WhatIfReport, body: &mut String) {
    let changes = &report.changes;
    let _ = writeln!(
        body,
        "<h2>Leads of which something else becomes</h2>\n<p>{}: {} are sold that were not, {} are no longer sold, {} are sold to others or at \
         other prices.</p>",
        count(changes.leads),
        count(changes.won),
        count(changes.lost),
        count(changes.moved)
    );
    if changes.reasons.is_empty() {
        return;
    }
    *body += "<div class=\"wide\"><table><tr><th class=\"n\">leads</th><th class=\"n\">revenue</th><th>contract</th><th>old plan</th><th>new plan</th><th>for example</th></tr>";
    for reason in changes.reasons.iter().take(ROWS) {
        let Reason { contract, old, new, leads, revenue, examples } = reason;
        let _ = writeln!(
            body,
            "<tr><td class=\"n\">{}</td><td class=\"n {}\">{}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"soft\">{}</td></tr>",
            count(*leads),
            class(revenue.units()),
            signed(*revenue),
            escape(contract.as_str()),
            escape(old),
            escape(new),
            escape(examples.first().map_or("", String::as_str))
        );
    }
    *body += "</table></div>\n";
    rest(changes.reasons.len(), body);
}
