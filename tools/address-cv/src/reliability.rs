//! How true the confidence is: said and seen, on folds that the tables were not fitted on.

use crate::fit::Tables;
use crate::rows::{FOLDS, Judged};
use crate::sources::percent;
use leadwright::address::REVIEW_BELOW;

/// Lower bounds of the bins, in ten-thousandths.
const BINS: &[u64] = &[0, 5_000, 7_000, 8_000, 9_000, 9_500, 9_800, 9_900, 9_950];

/// What was said of one address, and whether it was right.
type Point = (u64, bool);

pub(crate) fn print(judged: &[Judged]) {
    let mut whole: Vec<Point> = Vec::new();
    let mut parts: [Vec<Point>; 5] = Default::default();
    for fold in 0..FOLDS {
        let (held, fitted): (Vec<&Judged>, Vec<&Judged>) = judged.iter().partition(|row| row.fold == fold);
        let tables = Tables::fit(&fitted);
        for row in held {
            let said = |value: u64| if row.refused { 0 } else { value };
            whole.push((said(tables.whole(row.evidence)), row.line));
            for (part, points) in parts.iter_mut().enumerate() {
                if let Some(right) = row.parts[part] {
                    points.push((said(tables.part(part, row.evidence)), right));
                }
            }
        }
    }
    println!("\n## Confidence, held out\n\nFitted on four folds, said of the fifth; folds are grouped by street.\n");
    println!("| said | addresses | said on average % | seen right % |\n|---|---:|---:|---:|");
    for (at, low) in BINS.iter().enumerate() {
        let high = BINS.get(at + 1).copied().unwrap_or(10_001);
        let bin: Vec<Point> = whole.iter().copied().filter(|(said, _)| (*low..high).contains(said)).collect();
        if !bin.is_empty() {
            println!("| {}–{} | {} |", low / 10, (high.min(10_001) - 1) / 10, row(&bin));
        }
    }
    println!("\nMean distance of said and seen over the bins, weighted: {}.", distance(&whole));
    println!(
        "\n| part | labelled addresses | said on average % | seen right % | mean distance |\n|---|---:|---:|---:|---:|"
    );
    for (name, points) in ["street", "unit", "city", "state", "zip"].into_iter().zip(&parts) {
        println!("| {name} | {} | {} |", row(points), distance(points));
    }
    println!(
        "\n| review below | addresses to review % | wrong among them % | of all wrong ones % | wrong among the others % |\n|---|---:|---:|---:|---:|"
    );
    for below in [800, 900, 950, 970, 980, 990] {
        let mark = if below == REVIEW_BELOW { " (`needs_review`)" } else { "" };
        let (low, rest): (Vec<Point>, Vec<Point>) = whole.iter().partition(|(said, _)| *said < u64::from(below) * 10);
        let wrong = |points: &[Point]| points.iter().filter(|(_, right)| !right).count();
        println!(
            "| {below}{mark} | {} | {} | {} | {} |",
            percent(low.len(), whole.len()),
            percent(wrong(&low), low.len()),
            percent(wrong(&low), wrong(&whole)),
            percent(wrong(&rest), rest.len()),
        );
    }
    embedded(judged);
}

/// What the core says itself, which was fitted on these addresses.
fn embedded(judged: &[Judged]) {
    let points: Vec<Point> = judged.iter().map(|row| (u64::from(row.confidence) * 10, row.line)).collect();
    println!(
        "\nThe embedded tables, fitted on all of these addresses: {}, mean distance {}.",
        row(&points).replace(" | ", " / "),
        distance(&points)
    );
}

fn row(points: &[Point]) -> String {
    let said = points.iter().map(|(said, _)| said).sum::<u64>() / (points.len() as u64).max(1);
    let right = points.iter().filter(|(_, right)| *right).count();
    format!("{} | {}.{} | {}", points.len(), said / 100, said % 100 / 10, percent(right, points.len()))
}

/// The expected calibration error in percent: bins of said values, weighted by their size.
fn distance(points: &[Point]) -> String {
    let mut sum = 0;
    for (at, low) in BINS.iter().enumerate() {
        let high = BINS.get(at + 1).copied().unwrap_or(u64::MAX);
        let bin = || points.iter().filter(|(said, _)| (*low..high).contains(said));
        let said: u64 = bin().map(|(said, _)| said).sum();
        let seen = 10_000 * bin().filter(|(_, right)| *right).count() as u64;
        sum += said.abs_diff(seen);
    }
    let mean = sum / (points.len() as u64).max(1);
    format!("{}.{:02} points", mean / 100, mean % 100)
}
