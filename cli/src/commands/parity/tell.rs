//! Reports in words.

use leadwright::parity::{Check, ClassSummary, Example, Latency, Rate, Shown, StepSummary, Summary};
use std::fmt::Write as _;

/// More classes than this are left out of the words.
const CLASSES: usize = 20;

pub(super) fn check(check: &Check) -> String {
    let mut text = String::new();
    for (name, step) in &check.steps {
        let _ = writeln!(text, "{name}: {}", if step.ready { "ready" } else { "not ready" });
        for condition in &step.conditions {
            let mark = if condition.met { "ok " } else { "NO " };
            let _ =
                writeln!(text, "  {mark} {}: {}, wanted {}", condition.condition, condition.found, condition.wanted);
        }
    }
    if check.steps.is_empty() {
        text += "nothing was recorded\n";
    }
    text + if check.ready { "ready\n" } else { "not ready\n" }
}

pub(super) fn report(summary: &Summary, check: &Check) -> String {
    let since = summary.since.as_ref().map(|since| format!(", since {since}")).unwrap_or_default();
    let mut text = format!("migration {}{since}\n", summary.migration);
    for (name, step) in &summary.steps {
        let ready = check.steps.get(name).is_some_and(|step| step.ready);
        let _ = writeln!(text, "\n{name}: {}", if ready { "ready" } else { "not ready" });
        self::step(step, &mut text);
    }
    text
}

fn step(step: &StepSummary, text: &mut String) {
    let _ = writeln!(
        text,
        "  {} compared, {} without a difference, {} only recorded",
        step.compared, step.matched, step.recorded
    );
    let _ = writeln!(text, "  mismatches: {}{}", rate(step.mismatched), bound(step));
    if step.known.count > 0 {
        let _ = writeln!(text, "  known: {}", rate(step.known));
    }
    if let Some(noise) = step.noise {
        let _ = writeln!(text, "  the legacy against itself: {}", rate(noise));
    }
    let counts: Vec<String> = step.counts.iter().map(|(name, count)| format!("{name} {count}")).collect();
    if !counts.is_empty() {
        let _ = writeln!(text, "  {}", counts.join(", "));
    }
    for (name, latency) in [("legacy", step.legacy_latency), ("candidate", step.candidate_latency)] {
        if latency.count > 0 {
            let _ = writeln!(text, "  {name} took {}", times(latency));
        }
    }
    for known in &step.known_differences {
        let _ = writeln!(
            text,
            "  known {}: {} times, by {} until {}: {}",
            known.id, known.count, known.owner, known.expires, known.reason
        );
    }
    for class in step.classes.iter().take(CLASSES) {
        let _ = writeln!(text, "  {}", self::class(class));
        for example in &class.examples {
            let _ = writeln!(text, "    {}", self::example(example));
        }
    }
    if step.classes.len() > CLASSES {
        let _ = writeln!(text, "  and {} more", step.classes.len() - CLASSES);
    }
}

pub(super) fn bound(step: &StepSummary) -> String {
    step.rule_of_three.map(|most| format!("; a rate above {} is excluded", percent(most))).unwrap_or_default()
}

fn class(class: &ClassSummary) -> String {
    let place = if class.path.is_empty() { "" } else { " at " };
    let known = match class.count - class.unexplained {
        0 => String::new(),
        known => format!(", {known} of them known"),
    };
    let money = match class.money.units() {
        0 => String::new(),
        _ => format!(", money {}", signed(class)),
    };
    format!("{}{place}{}: {}{known}{money}", class.class, class.path, class.count)
}

pub(super) fn signed(class: &ClassSummary) -> String {
    let plus = if class.money.units() > 0 { "+" } else { "" };
    format!("{plus}{}", class.money)
}

fn example(example: &Example) -> String {
    let key = example.key.as_ref().map(|key| format!(" {key}")).unwrap_or_default();
    let pair = example.pair.map(|pair| format!(", pair {pair}")).unwrap_or_default();
    let (legacy, candidate) = (shown(example.legacy.as_ref()), shown(example.candidate.as_ref()));
    format!("{}, {}{key}: {legacy} here, {candidate} there{pair}", example.which, example.at)
}

/// A value without the value, unless values are kept.
pub(super) fn shown(value: Option<&Shown>) -> String {
    let Some(shown) = value else { return "nothing".into() };
    if let Some(value) = &shown.value {
        return value.to_string();
    }
    let length = shown.length.map(|length| format!(" of {length}")).unwrap_or_default();
    let token = shown.token.as_ref().map(|token| format!(" {token}")).unwrap_or_default();
    format!("{}{length}{token}", shown.kind)
}

pub(super) fn rate(rate: Rate) -> String {
    let Rate { count, of, low, high, .. } = rate;
    if of == 0 {
        return "none, of none".into();
    }
    format!("{count} of {of}, {} ({} to {} at 95 %)", percent(rate.rate), percent(low), percent(high))
}

pub(super) fn percent(share: f64) -> String {
    let text = format!("{:.4}", share * 100.0);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

pub(super) fn times(latency: Latency) -> String {
    let Latency { p50_ns, p90_ns, p99_ns, .. } = latency;
    format!("{} (half), {} (90 %), {} (99 %)", time(p50_ns), time(p90_ns), time(p99_ns))
}

/// `1.06 ms`
fn time(nanoseconds: u64) -> String {
    let (unit, name) = match nanoseconds {
        0..1_000 => return format!("{nanoseconds} ns"),
        1_000..1_000_000 => (1_000, "µs"),
        1_000_000..1_000_000_000 => (1_000_000, "ms"),
        _ => (1_000_000_000, "s"),
    };
    format!("{}.{:02} {name}", nanoseconds / unit, nanoseconds % unit * 100 / unit)
}

#[cfg(test)]
mod tests {
    use super::{percent, time};

    #[test]
    fn numbers_are_short() {
        assert_eq!([0.0, 0.005, 0.000_384, 1.0].map(percent), ["0 %", "0.5 %", "0.0384 %", "100 %"]);
        assert_eq!([7, 1_060, 1_060_000, 2_000_000_000].map(time), ["7 ns", "1.06 µs", "1.06 ms", "2.00 s"]);
    }
}
