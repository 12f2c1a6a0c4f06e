//! The text that Prometheus scrapes (version 0.0.4): a family is its help, its type and its samples, in a fixed order.

use super::{Histogram, Metrics};
use std::fmt::{Display, Write};

/// So many digits has a microsecond as a part of a second.
const MICRO_DIGITS: usize = 6;

impl Metrics {
    /// The numbers as Prometheus scrapes them, with the content type `text/plain; version=0.0.4`. Times are in seconds.
    ///
    /// ```
    /// let text = leadwright::engine::Metrics::default().to_prometheus();
    /// assert!(text.contains("# TYPE leadwright_commits_total counter\nleadwright_commits_total 0\n"));
    /// ```
    pub fn to_prometheus(&self) -> String {
        let mut text = Text(String::new());
        let decisions = self.decisions.iter().map(|(outcome, count)| (*outcome, *count));
        text.labelled("decisions_total", "Decisions that were recorded.", "outcome", decisions);
        text.head("leads_total", "counter", "Decisions that were recorded, by source.");
        for (source, outcomes) in &self.sources {
            outcomes.iter().for_each(|(outcome, count)| {
                text.sample("leads_total", &[("source", source), ("outcome", outcome)], count);
            });
        }
        text.head("sales_total", "counter", "Sales.");
        for (contract, sold) in &self.sales {
            text.sample("sales_total", &[("buyer", &sold.buyer), ("contract", contract)], sold.sales);
        }
        text.head("revenue_total", "counter", "What the sales cost the buyers, in the currency of the plan.");
        for (contract, sold) in &self.sales {
            text.sample("revenue_total", &[("buyer", &sold.buyer), ("contract", contract)], sold.revenue);
        }
        text.single("replayed_total", "counter", "Requests that were answered as before.", self.replayed);
        let problems = self.problems.iter().map(|(code, count)| (code.as_str(), *count));
        text.labelled("problems_total", "Problems of the decisions.", "code", problems);
        text.single("commits_total", "counter", "Transactions that were committed.", self.commits);
        let failures = self.failures.iter().map(|(code, count)| (*code, *count));
        text.labelled("failures_total", "Transactions that failed.", "code", failures);
        text.single("busy_total", "counter", "Callers that were turned away.", self.busy);
        text.single("waiting", "gauge", "Callers that wait for a transaction.", self.waiting);
        text.histogram("batch_leads", "Leads of a transaction.", &self.batch_leads, plain);
        text.histogram("wait_seconds", "From a call to the begin of its transaction.", &self.wait_micros, seconds);
        text.histogram("commit_seconds", "A transaction and its commit.", &self.commit_micros, seconds);
        text.0
    }
}

/// What is written so far. Writing into a string does not fail.
struct Text(String);

impl Text {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP leadwright_{name} {help}\n# TYPE leadwright_{name} {kind}");
    }

    fn single(&mut self, name: &str, kind: &str, help: &str, value: u64) {
        self.head(name, kind, help);
        let _ = writeln!(self.0, "leadwright_{name} {value}");
    }

    fn labelled<'a>(&mut self, name: &str, help: &str, label: &str, rows: impl Iterator<Item = (&'a str, u64)>) {
        self.head(name, "counter", help);
        rows.for_each(|(value, count)| self.sample(name, &[(label, value)], count));
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<_> = labels.iter().map(|(label, value)| format!("{label}=\"{}\"", escaped(value))).collect();
        let _ = writeln!(self.0, "leadwright_{name}{{{}}} {value}", labels.join(","));
    }

    /// Each bucket counts all that is not above its bound.
    fn histogram(&mut self, name: &str, help: &str, histogram: &Histogram, shown: fn(u64) -> String) {
        self.head(name, "histogram", help);
        let mut below = 0;
        for (bound, count) in &histogram.steps {
            below += count;
            let _ = writeln!(self.0, "leadwright_{name}_bucket{{le=\"{}\"}} {below}", shown(*bound));
        }
        let Histogram { count, sum, .. } = histogram;
        let _ = writeln!(self.0, "leadwright_{name}_bucket{{le=\"+Inf\"}} {count}");
        let _ = writeln!(self.0, "leadwright_{name}_sum {}\nleadwright_{name}_count {count}", shown(*sum));
    }
}

/// A value of a label: a backslash, a quote and the end of a line are escaped.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

fn plain(value: u64) -> String {
    value.to_string()
}

/// Microseconds in seconds, to the digit.
fn seconds(micros: u64) -> String {
    let (whole, part) = (micros / 1_000_000, micros % 1_000_000);
    let text = format!("{whole}.{part:0MICRO_DIGITS$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_is_its_help_its_type_and_its_samples() {
        let mut histogram = Histogram::new(&[250, 1_000_000]);
        [250, 251, 2_000_001].into_iter().for_each(|micros| histogram.add(micros));
        let problems = [("a\\b\"c\nd".to_owned(), 2)].into();
        let metrics =
            Metrics { decisions: [("assigned", 3)].into(), problems, commit_micros: histogram, ..Metrics::default() };
        let text = metrics.to_prometheus();
        for want in [
            "# HELP leadwright_decisions_total Decisions that were recorded.\n# TYPE leadwright_decisions_total counter\n\
             leadwright_decisions_total{outcome=\"assigned\"} 3\n",
            "leadwright_problems_total{code=\"a\\\\b\\\"c\\nd\"} 2\n",
            "# TYPE leadwright_commit_seconds histogram\n\
             leadwright_commit_seconds_bucket{le=\"0.00025\"} 1\nleadwright_commit_seconds_bucket{le=\"1\"} 2\n\
             leadwright_commit_seconds_bucket{le=\"+Inf\"} 3\n\
             leadwright_commit_seconds_sum 2.000502\nleadwright_commit_seconds_count 3\n",
        ] {
            assert!(text.contains(want), "{want}\n{text}");
        }
        assert!(text.ends_with('\n'));
    }
}
