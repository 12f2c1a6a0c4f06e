//! Whether reading takes time in proportion to the length of the text, also where somebody means harm. Instructions are
//! counted by valgrind, so a busy machine changes nothing.

use bench_common::instructions::{can_be_counted, counted};
use leadwright::address::{Canonicalizer, LONGEST_TEXT};
use std::hint::black_box;

/// What is repeated up to a length. What stands before `|` opens the text.
const SHAPES: &[(&str, &str)] = &[
    ("one letter", "A"),
    ("digits", "7"),
    ("commas", ","),
    ("number signs", "# "),
    ("quotes", "\"'"),
    ("dots", "a."),
    ("dashes", "1-"),
    ("slashes", "1/"),
    ("line ends", "\n"),
    ("suffixes", "ST "),
    ("directionals", "N "),
    ("units", "APT 4 "),
    ("designators", "STE "),
    ("boxes", "PO BOX 1 "),
    ("routes", "RR 1 "),
    ("corners", "A AND B "),
    ("numbers", "12 "),
    ("ordinals", "5TH "),
    ("streets", "12 MAIN ST "),
    ("segments", "12 MAIN ST, "),
    ("numbered roads", "STATE HIGHWAY 9 "),
    ("places", "NEW YORK NY 10001 "),
    ("states", "NORTH CAROLINA "),
    ("floors", "2ND FLOOR "),
    ("mail stops", "MAIL STOP "),
    ("escapes", "&amp;"),
    ("words", "X "),
    ("letters at a corner", "A & "),
    ("spelled numbers", "ONE X "),
    ("numbers behind a box", "PO BOX 1 |12 "),
    ("buildings", "1 |PLAZA 12 "),
    ("number signs of roads", "HWY # "),
    ("accents", "\u{e9} "),
    ("fractions", "\u{bd}"),
];

/// Characters of the texts, up to the longest that is read.
const LENGTHS: [usize; 4] = [LONGEST_TEXT / 8, LONGEST_TEXT / 4, LONGEST_TEXT / 2, LONGEST_TEXT];

/// Of the longest text, a byte may take this many times the instructions that it takes of one of half the length. It
/// would be twice as many where the words are gone through for each word; a mark that is taken out moves those behind it,
/// which is a small part of the work.
const GROWTH: f64 = 1.4;

/// How often a text is read in the longer of two runs.
const TIMES: u64 = 4;

/// Prints instructions a byte for all shapes and lengths; `false` where they grow.
pub fn run() -> bool {
    if !can_be_counted() {
        return true;
    }
    println!(
        "instructions a byte\n\n| text | {} |\n|---|---|---|---|---|",
        LENGTHS.map(|length| length.to_string()).join(" | ")
    );
    let mut linear = true;
    for (name, piece) in SHAPES {
        let found = LENGTHS.map(|length| {
            let bytes = text(piece, length).len() as f64;
            instructions(name, length) / bytes
        });
        let [.., half, whole] = found;
        let grows = whole > half * GROWTH;
        linear &= !grows;
        let cells = found.map(|count| format!("{count:.0}")).join(" | ");
        println!("| {name} | {cells} |{}", if grows { " GROWS" } else { "" });
    }
    linear
}

/// What a process of its own takes to read a text once more.
fn instructions(name: &str, length: usize) -> f64 {
    let count = |times: u64| counted(&["--read-shape", name, &length.to_string(), &times.to_string()]);
    // The first reading makes room for the others.
    (count(1 + TIMES) - count(1)) / TIMES as f64
}

/// Reads a text of a shape some times: what is counted.
pub fn read(arguments: &[String]) {
    let [name, length, times] = arguments else { panic!("a shape, a length and how often") };
    let (_, piece) = SHAPES.iter().find(|(known, _)| known == name).expect("a shape");
    let text = text(piece, length.parse().expect("a length"));
    let mut canonicalizer = Canonicalizer::default();
    for _ in 0..times.parse::<u64>().expect("how often") {
        black_box(canonicalizer.text(black_box(&text), "/address"));
    }
}

fn text(piece: &str, length: usize) -> String {
    let (start, piece) = piece.split_once('|').unwrap_or(("", piece));
    start.chars().chain(piece.chars().cycle()).take(length).collect()
}
