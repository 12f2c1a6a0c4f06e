//! Exact lines by source, fold by fold, and without one means of reading after another.

use crate::matching::Task;
use crate::norm::Normalizer;
use crate::rows::{FOLDS, Judged, Row, judge};
use leadwright::geo::study::{Means, do_without};
use std::collections::BTreeMap;

/// Percent of the rows that are right, with one decimal.
pub(crate) fn percent(right: usize, all: usize) -> String {
    let tenths = (right * 2_000 + all) / (all * 2).max(1);
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn by_source(judged: &[Judged]) -> BTreeMap<&str, Vec<&Judged>> {
    let mut sources: BTreeMap<&str, Vec<&Judged>> = BTreeMap::new();
    for row in judged {
        sources.entry(&row.source).or_default().push(row);
    }
    sources
}

fn right(rows: &[&Judged]) -> usize {
    rows.iter().filter(|row| row.line).count()
}

pub(crate) fn print(judged: &[Judged]) {
    println!(
        "## Exact lines by source\n\nThe parser is rules and tables, so there is nothing to train: folds show the spread.\n"
    );
    println!("| source | addresses | exact lines % | worst fold % | best fold % |\n|---|---:|---:|---:|---:|");
    for (source, rows) in by_source(judged) {
        let folds = (0..FOLDS).map(|fold| rows.iter().copied().filter(|row| row.fold == fold).collect::<Vec<_>>());
        let mut folds: Vec<(usize, usize)> =
            folds.map(|rows| (right(&rows), rows.len())).filter(|(_, all)| *all > 0).collect();
        folds.sort_by_key(|(right, all)| right * 1_000_000 / all);
        let worst = folds.first().map_or_else(String::new, |(right, all)| percent(*right, *all));
        let best = folds.last().map_or_else(String::new, |(right, all)| percent(*right, *all));
        println!("| {source} | {} | {} | {worst} | {best} |", rows.len(), percent(right(&rows), rows.len()));
    }
}

/// What is done without, by its name in the table.
const ABLATIONS: &[(&str, &[Means])] = &[
    ("all", &[]),
    ("without the gazetteer", &[Means::Gazetteer]),
    ("without the ZIP code for the city", &[Means::ZipForCity]),
    ("without neighbouring towns", &[Means::Neighbours]),
    ("without other names of towns", &[Means::Aliases]),
    ("without repair of slips", &[Means::Slips]),
];

pub(crate) fn print_ablation(rows: &[Row], norm: &Normalizer, pairs: &Task) {
    println!("\n## Ablation: exact lines %\n");
    let mut lines: Vec<(&str, Vec<Judged>, String)> = Vec::new();
    for (name, means) in ABLATIONS {
        do_without(means);
        lines.push((name, judge(rows, norm, str::to_owned), pairs.run().short()));
    }
    do_without(&[]);
    let unbroken = |raw: &str| raw.replace([',', ';', '\n', '|'], " ");
    lines.push(("without commas and line ends", judge(rows, norm, unbroken), String::new()));
    let sources: Vec<&str> = by_source(&lines[0].1).into_keys().collect();
    println!(
        "| | {} | matching recall / precision |\n|---|{}---:|",
        sources.join(" | "),
        "---:|".repeat(sources.len())
    );
    for (name, judged, matching) in &lines {
        let cells: Vec<String> =
            by_source(judged).into_values().map(|rows| percent(right(&rows), rows.len())).collect();
        println!("| {name} | {} | {matching} |", cells.join(" | "));
    }
}
