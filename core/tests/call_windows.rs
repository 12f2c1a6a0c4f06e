//! The page of call windows shows the table that decides.

use leadwright::limits::{CallRule, CallRules, Checked};
use std::path::Path;

const BEGIN: &str = "<!-- the table of the code -->\n";
const END: &str = "<!-- end of the table -->";

fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn hours(hours: Option<(u16, u16)>) -> String {
    hours.map_or_else(|| "none".into(), |(start, end)| format!("{}–{}", clock(start), clock(end)))
}

fn row(rule: &CallRule) -> String {
    let checked = match rule.checked {
        Checked::Text => "its text",
        Checked::Guide => "a guide",
    };
    let holidays = if rule.not_on_holidays { "none" } else { "as usual" };
    format!(
        "| {} | {} | {} | {} | {holidays} | {} | {checked}: {} |\n",
        rule.state,
        hours(Some(rule.weekday)),
        hours(rule.saturday),
        hours(rule.sunday),
        rule.law,
        rule.source,
    )
}

#[test]
fn the_page_shows_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/call-windows.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let mut table = String::from(
        "| state | Monday to Friday | Saturday | Sunday | holidays | law | what was read |\n|---|---|---|---|---|---|---|\n",
    );
    CallRules::rules().iter().for_each(|rule| table.push_str(&row(rule)));
    table.push_str(&format!("\nRead on {}.\n", CallRules::AS_OF));
    let made = format!("{before}{BEGIN}{table}{END}{after}");
    if std::env::var_os("LEADWRIGHT_BLESS").is_some() {
        std::fs::write(&path, made).unwrap();
    } else {
        assert!(page == made, "docs/call-windows.md is not what the table says; LEADWRIGHT_BLESS=1 writes it");
    }
}
