//! The reports as pages: one file each, with nothing from elsewhere and no personal data in it.

mod what_if;

use super::chart::{bar, day, escape, grouped};
use super::tell::short;
use leadwright::model::{Money, Timestamp};
use leadwright::whatif::{CapPressure, PressureReport, UnlockReport};
use std::fmt::Write as _;
pub(super) use what_if::what_if;

/// More rows than this are left out of a table.
const ROWS: usize = 25;

pub(in crate::commands) fn page(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <title>{}</title><style>\n{}</style></head>\n<body><main>\n{body}</main></body></html>\n",
        escape(title),
        include_str!("page.css")
    )
}

/// Money with commas and two decimals, or as many as it has.
fn money(amount: Money) -> String {
    let text = amount.to_string();
    let (whole, part) = text.split_once('.').unwrap_or((&text, "00"));
    let sign = if amount < Money::ZERO { "\u{2212}" } else { "" };
    let whole: i64 = whole.trim_start_matches('-').parse().unwrap_or(0);
    format!("{sign}{}.{part}", grouped(whole))
}

pub(in crate::commands) fn signed(amount: Money) -> String {
    if amount > Money::ZERO { format!("+{}", money(amount)) } else { money(amount) }
}

fn less(old: Money, new: Money) -> Money {
    new.checked_sub(old).unwrap_or(Money::MAX)
}

pub(in crate::commands) fn count(number: u64) -> String {
    grouped(i64::try_from(number).unwrap_or(i64::MAX))
}

fn signed_count(old: u64, new: u64) -> String {
    let number = i64::try_from(new).unwrap_or(i64::MAX) - i64::try_from(old).unwrap_or(i64::MAX);
    if number > 0 { format!("+{}", grouped(number)) } else { grouped(number) }
}

fn class(units: i64) -> &'static str {
    match units {
        0 => "soft",
        less if less < 0 => "less",
        _ => "more",
    }
}

fn time(at: Option<Timestamp>) -> String {
    at.map_or_else(String::new, |at| at.to_string().chars().take(16).collect::<String>().replace('T', " ") + " UTC")
}

fn rest(count: usize, body: &mut String) {
    if count > ROWS {
        let _ = writeln!(body, "<p class=\"soft\">and {} more</p>", count - ROWS);
    }
}

fn caps(title: &str, rows: &[CapPressure], body: &mut String) {
    if rows.is_empty() {
        let _ = writeln!(body, "<p class=\"soft\">{title}: no cap fills.</p>");
        return;
    }
    let _ = writeln!(
        body,
        "<div class=\"wide\"><table><tr><th>{title}</th><th class=\"n\">limit</th><th class=\"n\">times full</th><th>full at (hour of the day, 0 to 23)</th>\
         <th class=\"n\">turned away</th><th class=\"n\">of them unsold</th><th class=\"n\">their price</th></tr>"
    );
    for cap in rows.iter().take(ROWS) {
        let spend = if cap.measure == "spend" { ", money" } else { "" };
        let first = cap
            .first_filled
            .map_or_else(String::new, |at| format!("<span class=\"soft\">first {}</span>", time(Some(at))));
        let _ = writeln!(
            body,
            "<tr><td>{}<br><span class=\"soft\">by {}{spend}</span></td><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}{first}</td>\
             <td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
            escape(&cap.owner),
            cap.window,
            escape(&cap.limit),
            count(cap.filled),
            day(&cap.by_hour),
            count(cap.turned_away),
            count(cap.unsold),
            money(cap.unsold_money)
        );
    }
    *body += "</table></div>\n";
    rest(rows.len(), body);
}

pub(super) fn unlock(report: &UnlockReport, plan: &str) -> String {
    let title = format!("What one check keeps from being sold: {plan}");
    let mut body = format!("<h1>{}</h1>\n", escape(&title));
    let _ = writeln!(
        body,
        "<p>Of {} leads, no contract wanted {}, and {} were wanted and could not be taken. Each row is one check that was alone in the way, \
         and what the contract would have got without it, as far as its other caps have room. A lead may stand in several rows: they are not to be added up. \
         Amounts in {}.</p>",
        count(report.leads),
        count(report.unmatched),
        count(report.unsold),
        report.currency
    );
    let most = report.rows.iter().map(|row| row.margin.units()).max().unwrap_or(1);
    body += "<div class=\"wide\"><table><tr><th>contract</th><th>check</th><th class=\"n\">leads</th><th class=\"n\">no room for</th><th class=\"n\">revenue</th><th class=\"n\">margin</th><th></th></tr>";
    for row in report.rows.iter().take(ROWS * 2) {
        let wanted = row
            .wanted
            .as_ref()
            .map(|wanted| format!("<br><span class=\"soft\">wants {}</span>", escape(&short(wanted))));
        let _ = writeln!(
            body,
            "<tr><td>{}</td><td>{}{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td></tr>",
            escape(row.contract.as_str()),
            escape(&row.check),
            wanted.unwrap_or_default(),
            count(row.leads),
            count(row.no_room),
            money(row.revenue),
            money(row.margin),
            bar(row.margin.units(), most)
        );
    }
    body += "</table></div>\n";
    page(&title, &body)
}

pub(super) fn pressure(report: &PressureReport, plan: &str) -> String {
    let title = format!("When caps fill: {plan}");
    let mut body = format!("<h1>{}</h1>\n", escape(&title));
    let _ = writeln!(
        body,
        "<p class=\"soft\">{} leads. Hours are those of the plan's clock. Amounts in {}.</p>",
        count(report.leads),
        report.currency
    );
    caps("Cap", &report.caps, &mut body);
    page(&title, &body)
}
