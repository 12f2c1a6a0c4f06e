//! Medians, ratios, and whether they are what was promised.

/// How it ended; the worst counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Right,
    Missed,
    TooNoisy,
}

/// A yardstick that differs by more within a run measures nothing.
const TOO_NOISY: f64 = 3.0;

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The largest by the smallest.
pub fn spread(values: &[f64]) -> f64 {
    let (least, most) =
        values.iter().fold((f64::MAX, 0.0_f64), |(least, most), value| (least.min(*value), most.max(*value)));
    most / least
}

/// Whether a yardstick held still.
pub fn still(what: &str, values: &[f64]) -> Verdict {
    let spread = spread(values);
    if spread <= TOO_NOISY {
        return Verdict::Right;
    }
    println!("TOO NOISY: {what} differs by {spread:.1} times within this run");
    Verdict::TooNoisy
}

pub fn at_least(what: &str, value: f64, bound: f64) -> Verdict {
    say(what, value, &format!("at least {bound}"), value >= bound)
}

pub fn at_most(what: &str, value: f64, bound: f64) -> Verdict {
    say(what, value, &format!("at most {bound}"), value <= bound)
}

fn say(what: &str, value: f64, bound: &str, is_right: bool) -> Verdict {
    println!("| {what} | {value:.2} | {bound} | {} |", if is_right { "yes" } else { "NO" });
    if is_right { Verdict::Right } else { Verdict::Missed }
}

pub fn heading(title: &str) {
    println!("\n## {title}\n\n| what | measured | promised | kept |\n|---|---|---|---|");
}
