//! Charts as SVG, drawn by hand: nothing is loaded from elsewhere, and colours follow the page.

use std::fmt::Write as _;

/// A number with commas: `1,234,567`.
pub(super) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("\u{2212}{text}") } else { text }
}

/// Text in a page.
pub(in crate::commands) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Two lines over the same points, with the area between zero and the second one lightly filled.
pub(super) struct Lines<'a> {
    /// A label for each point.
    pub(super) labels: &'a [String],
    /// The old plan's values, then the new one's.
    pub(super) values: [&'a [i64]; 2],
    pub(super) title: &'a str,
}

const WIDTH: i64 = 960;
const HEIGHT: i64 = 260;
const LEFT: i64 = 76;
const RIGHT: i64 = 14;
const TOP: i64 = 12;
const BOTTOM: i64 = 30;

impl Lines<'_> {
    pub(super) fn svg(&self) -> String {
        let count = i64::try_from(self.labels.len()).unwrap_or(i64::MAX);
        let top = nice(self.values.iter().flat_map(|values| values.iter()).copied().max().unwrap_or(0).max(1));
        let x = |place: i64| LEFT + (WIDTH - LEFT - RIGHT) * place / (count - 1).max(1);
        let y = |value: i64| {
            let part = i128::from(HEIGHT - TOP - BOTTOM) * i128::from(value) / i128::from(top);
            HEIGHT - BOTTOM - i64::try_from(part).unwrap_or(0)
        };
        let mut svg = format!(
            "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{0}\"><title>{0}</title>",
            escape(self.title)
        );
        for step in 0..=4 {
            let value = top / 4 * step;
            let at = y(value);
            let _ = write!(
                svg,
                "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{at}\" y2=\"{at}\"/>\
                 <text class=\"tick\" text-anchor=\"end\" x=\"{}\" y=\"{}\">{}</text>",
                WIDTH - RIGHT,
                LEFT - 8,
                at + 4,
                grouped(value)
            );
        }
        let every = (count / 8).max(1);
        for (place, label) in (0..).zip(self.labels) {
            // The last label is not drawn where it would touch the edge.
            if place % every == 0 && (x(place) < WIDTH - 60 || count < 9) {
                let anchor = if x(place) > WIDTH - 30 { "end" } else { "middle" };
                let _ = write!(
                    svg,
                    "<text class=\"tick\" text-anchor=\"{anchor}\" x=\"{}\" y=\"{}\">{}</text>",
                    x(place),
                    HEIGHT - 10,
                    escape(label)
                );
            }
        }
        for (values, class) in self.values.iter().zip(["old", "new"]) {
            let points: Vec<String> =
                (0..).zip(values.iter()).map(|(place, value)| format!("{},{}", x(place), y(*value))).collect();
            if class == "new" && points.len() > 1 {
                let _ = write!(
                    svg,
                    "<polygon class=\"area\" points=\"{LEFT},{} {} {},{0}\"/>",
                    y(0),
                    points.join(" "),
                    x(count - 1)
                );
            }
            match points.as_slice() {
                [only] => {
                    let (x, y) = only.split_once(',').unwrap_or_default();
                    let _ = write!(svg, "<circle class=\"dot {class}\" cx=\"{x}\" cy=\"{y}\" r=\"4\"/>");
                }
                _ => {
                    let _ = write!(svg, "<polyline class=\"line {class}\" points=\"{}\"/>", points.join(" "));
                }
            }
        }
        svg + "</svg>"
    }
}

/// A column for each point, up or down from zero.
pub(super) fn columns(labels: &[String], values: &[i64]) -> String {
    const TALL: i64 = 110;
    let count = i64::try_from(values.len()).unwrap_or(i64::MAX).max(1);
    let most = values.iter().map(|value| value.abs()).max().unwrap_or(0).max(1);
    let middle = TALL / 2;
    let wide = ((WIDTH - LEFT - RIGHT) / count * 7 / 10).clamp(1, 46);
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH} {TALL}\" role=\"img\" aria-label=\"difference\">\
         <line class=\"axis\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{middle}\" y2=\"{middle}\"/>",
        WIDTH - RIGHT
    );
    for (at, value) in [(10, most), (middle, 0), (TALL - 10, -most)] {
        let (x, y) = (LEFT - 8, at + 4);
        let _ = write!(svg, "<text class=\"tick\" text-anchor=\"end\" x=\"{x}\" y=\"{y}\">{}</text>", grouped(value));
    }
    for (place, (label, value)) in (0..).zip(labels.iter().zip(values)) {
        let x = LEFT + (WIDTH - LEFT - RIGHT - wide) * place / (count - 1).max(1);
        let high = part_of(value.abs(), most, middle - 8).max(i64::from(*value != 0));
        let (y, class) = if *value < 0 { (middle, "less") } else { (middle - high, "more") };
        let _ = write!(
            svg,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{wide}\" height=\"{high}\"><title>{}: {}</title></rect>",
            escape(label),
            grouped(*value)
        );
    }
    svg + "</svg>"
}

/// The next number that is 1, 2, 3 or 5 times a power of ten, in quarters of which people can think.
fn nice(most: i64) -> i64 {
    let mut power = 4_i64;
    while power.saturating_mul(10) <= most {
        power = power.saturating_mul(10);
    }
    let steps = [power, power * 2, power * 3, power * 5, power.saturating_mul(10)];
    let quarter = |value: i64| value / 4 * 4;
    steps.into_iter().map(quarter).find(|step| *step >= most).unwrap_or(most.saturating_add(4) / 4 * 4)
}

/// One bar of parts, each with a class and a number.
pub(in crate::commands) fn stack(parts: &[(&str, i64)], most: i64) -> String {
    let most = most.max(1);
    let mut svg =
        "<svg class=\"stack\" viewBox=\"0 0 1000 22\" preserveAspectRatio=\"none\" aria-hidden=\"true\">".to_owned();
    let mut from = 0;
    for (class, value) in parts {
        let wide = part_of(*value, most, 1_000);
        let _ = write!(svg, "<rect class=\"{class}\" x=\"{from}\" y=\"0\" width=\"{wide}\" height=\"22\"/>");
        from += wide;
    }
    svg + "</svg>"
}

/// A bar to the left or to the right of the middle.
pub(in crate::commands) fn swing(value: i64, most: i64) -> String {
    let wide = part_of(value.abs(), most.max(1), 96).max(i64::from(value != 0));
    let (from, class) = if value < 0 { (100 - wide, "less") } else { (100, "more") };
    format!(
        "<svg class=\"swing\" viewBox=\"0 0 200 14\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <line class=\"axis\" x1=\"100\" x2=\"100\" y1=\"0\" y2=\"14\"/>\
         <rect class=\"{class}\" x=\"{from}\" y=\"2\" width=\"{wide}\" height=\"10\"/></svg>"
    )
}

/// A bar from the left.
pub(super) fn bar(value: i64, most: i64) -> String {
    let wide = part_of(value, most.max(1), 200).max(i64::from(value > 0));
    format!(
        "<svg class=\"swing\" viewBox=\"0 0 200 14\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect class=\"more\" x=\"0\" y=\"2\" width=\"{wide}\" height=\"10\"/></svg>"
    )
}

/// Twenty-four boxes, the darker the more.
pub(super) fn day(by_hour: &[u32]) -> String {
    let most = by_hour.iter().copied().max().unwrap_or(0).max(1);
    let mut svg =
        "<svg class=\"day\" viewBox=\"0 0 240 14\" role=\"img\" aria-label=\"by hour of the day\">".to_owned();
    for (hour, count) in by_hour.iter().enumerate() {
        let shade = if *count == 0 { 0 } else { 25 + 75 * u64::from(*count) / u64::from(most) };
        let title =
            if *count == 0 { String::new() } else { format!("<title>{hour:02}:00 to {hour:02}:59: {count}</title>") };
        let class = if *count == 0 { "none" } else { "full" };
        let _ = write!(
            svg,
            "<rect class=\"{class}\" x=\"{}\" y=\"0\" width=\"9\" height=\"14\" rx=\"1\" style=\"opacity:{}\">{title}</rect>",
            hour * 10,
            if *count == 0 { "1".to_owned() } else { format!("{}.{:02}", shade / 100, shade % 100) }
        );
    }
    svg + "</svg>"
}

fn part_of(value: i64, most: i64, whole: i64) -> i64 {
    i64::try_from(i128::from(value.max(0)) * i128::from(whole) / i128::from(most)).unwrap_or(whole).min(whole)
}

#[cfg(test)]
mod tests {
    use super::{escape, grouped, nice};

    #[test]
    fn numbers_are_grouped_and_texts_escaped() {
        assert_eq!([0, 999, 1_000, -1_234_567].map(grouped), ["0", "999", "1,000", "\u{2212}1,234,567"]);
        assert_eq!(escape("<a href=\"x\">&"), "&lt;a href=&quot;x&quot;&gt;&amp;");
    }

    #[test]
    fn an_axis_ends_at_or_above_the_greatest_value() {
        for most in [1, 3, 4, 7, 99, 101, 12_345, 999_999_999] {
            assert!(
                nice(most) >= most && nice(most) % 4 == 0 && nice(most) <= (most * 10).max(4),
                "{most}: {}",
                nice(most)
            );
        }
    }
}
