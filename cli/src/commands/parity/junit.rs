//! The gate as JUnit XML: a suite for each step, a test for each condition. CI systems show it beside their own tests.

use leadwright::parity::{Check, Summary};
use std::fmt::Write as _;

pub(super) fn report(summary: &Summary, check: &Check) -> String {
    let all = || check.steps.values().flat_map(|step| &step.conditions);
    let (tests, failures) = (all().count(), all().filter(|condition| !condition.met).count());
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"parity of {}\" tests=\"{tests}\" failures=\"{failures}\">\n",
        escape(&summary.migration)
    );
    for (name, step) in &check.steps {
        let failed = step.conditions.iter().filter(|condition| !condition.met).count();
        let _ = writeln!(
            xml,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failed}\">",
            escape(name),
            step.conditions.len()
        );
        for condition in &step.conditions {
            let case = format!("classname=\"parity.{}\" name=\"{}\"", escape(name), escape(&condition.condition));
            if condition.met {
                let _ = writeln!(xml, "    <testcase {case}/>");
            } else {
                let told = format!("found {}, wanted {}", condition.found, condition.wanted);
                let _ = writeln!(xml, "    <testcase {case}><failure message=\"{}\"/></testcase>", escape(&told));
            }
        }
        xml += "  </testsuite>\n";
    }
    xml + "</testsuites>\n"
}

/// A text in an attribute. What XML cannot hold at all is left out.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' | '\r' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}
