//! The tables of the confidence: how often each class of evidence was right, drawn towards its base where it is rare.

use crate::rows::Judged;
use leadwright::address::evidence::{
    CITIES, CITY_BITS, Evidence, STATE_BITS, STATES, STREET_BITS, STREETS, UNIT_BITS, UNITS, ZIP_BITS, ZIPS,
};

/// Ten-thousandths.
const WHOLE: u64 = 10_000;
/// So many rows of the base are added to each class.
const DRAWN: u64 = 6;
/// So many rows at least make a knot of the line.
const LEAST: usize = 60;

const SIZES: [(usize, u32); 5] =
    [(STREETS, STREET_BITS), (UNITS, UNIT_BITS), (CITIES, CITY_BITS), (STATES, STATE_BITS), (ZIPS, ZIP_BITS)];

/// What is embedded in the core.
pub(crate) struct Tables {
    pub(crate) parts: [Vec<u16>; 5],
    pub(crate) together: Vec<(u16, u16)>,
}

fn classes(evidence: Evidence) -> [usize; 5] {
    let Evidence { street, unit, city, state, zip } = evidence;
    [street, unit, city, state, zip].map(usize::from)
}

#[derive(Clone, Copy, Default)]
struct Count {
    right: u64,
    all: u64,
}

impl Count {
    fn add(&mut self, right: bool) {
        self.right += u64::from(right);
        self.all += 1;
    }

    /// The rate in ten-thousandths with some rows of another rate added.
    fn drawn(self, towards: u64) -> u64 {
        (self.right * WHOLE + DRAWN * towards) / (self.all + DRAWN)
    }
}

impl Tables {
    /// From rows that were judged.
    pub(crate) fn fit(rows: &[&Judged]) -> Self {
        let read: Vec<&Judged> = rows.iter().copied().filter(|row| !row.refused).collect();
        let parts = std::array::from_fn(|part| fit_part(&read, part, SIZES[part]));
        let mut tables = Self { parts, together: vec![(10_000, 10_000)] };
        let mut points: Vec<(u64, bool)> = read.iter().map(|row| (tables.product(row.evidence), row.line)).collect();
        points.sort_unstable();
        tables.together = rising_line(&points);
        tables
    }

    fn product(&self, evidence: Evidence) -> u64 {
        let values = self.parts.iter().zip(classes(evidence)).map(|(table, class)| u64::from(table[class]));
        values.fold(WHOLE, |all, value| all * value / WHOLE)
    }

    /// The confidence of a part in ten-thousandths.
    pub(crate) fn part(&self, part: usize, evidence: Evidence) -> u64 {
        u64::from(self.parts[part][classes(evidence)[part]])
    }

    /// The confidence of the whole in ten-thousandths; the same arithmetic as in the core.
    pub(crate) fn whole(&self, evidence: Evidence) -> u64 {
        let product = self.product(evidence);
        let mut before = (0, 0);
        for (knot, worth) in self.together.iter().map(|(knot, worth)| (u64::from(*knot), u64::from(*worth))) {
            if product <= knot {
                let (width, height) = ((knot - before.0).max(1), worth - before.1);
                return before.1 + (product - before.0) * height / width;
            }
            before = (knot, worth);
        }
        before.1
    }

    /// The source file of the core.
    pub(crate) fn source(&self) -> String {
        let mut text = String::from(
            "//! How often each class of evidence was right, in ten-thousandths. Written by `cargo xtask address-cv --write`.\n\n\
             use super::evidence::{CITIES, STATES, STREETS, UNITS, ZIPS};\n\n",
        );
        let names =
            [("STREET", "STREETS"), ("UNIT", "UNITS"), ("CITY", "CITIES"), ("STATE", "STATES"), ("ZIP", "ZIPS")];
        for ((name, size), table) in names.into_iter().zip(&self.parts) {
            let values: Vec<String> = table.iter().map(u16::to_string).collect();
            text.push_str(&format!("pub(super) const {name}: [u16; {size}] = [{}];\n", values.join(", ")));
        }
        let knots: Vec<String> = self.together.iter().map(|(knot, worth)| format!("({knot}, {worth})")).collect();
        text.push_str(&format!(
            "/// The product of the parts, and what it was worth.\npub(super) const TOGETHER: &[(u16, u16)] = &[{}];\n",
            knots.join(", ")
        ));
        text
    }
}

fn fit_part(rows: &[&Judged], part: usize, (size, bits): (usize, u32)) -> Vec<u16> {
    let mut counts = vec![Count::default(); size];
    let mut bases = vec![Count::default(); size >> bits];
    let mut all = Count::default();
    for row in rows {
        if let Some(right) = row.parts[part] {
            let class = classes(row.evidence)[part];
            counts[class].add(right);
            bases[class >> bits].add(right);
            all.add(right);
        }
    }
    let rate = all.drawn(WHOLE * 9 / 10);
    let value = |class: usize| counts[class].drawn(bases[class >> bits].drawn(rate));
    (0..size).map(|class| u16::try_from(value(class)).unwrap_or_default()).collect()
}

/// Blocks of neighbours, joined until each is worth more than the one before.
fn rising_line(points: &[(u64, bool)]) -> Vec<(u16, u16)> {
    struct Block {
        products: u64,
        count: Count,
    }
    let mut blocks: Vec<Block> = Vec::new();
    for chunk in points.chunk_by(|a, b| a.0 == b.0) {
        let mut block = Block { products: 0, count: Count::default() };
        for (product, right) in chunk {
            block.products += product;
            block.count.add(*right);
        }
        blocks.push(block);
        while let [.., before, last] = blocks.as_slice() {
            let falls = before.count.right * last.count.all >= last.count.right * before.count.all;
            let small = usize::try_from(before.count.all).unwrap_or_default() < LEAST;
            if !falls && !small {
                break;
            }
            let Some(last) = blocks.pop() else { break };
            if let Some(before) = blocks.last_mut() {
                before.products += last.products;
                before.count.right += last.count.right;
                before.count.all += last.count.all;
            }
        }
    }
    let short = |value: u64| u16::try_from(value).unwrap_or(u16::MAX);
    let rate = points.iter().filter(|(_, right)| *right).count() as u64 * WHOLE / (points.len() as u64).max(1);
    let knot = |block: &Block| (short(block.products / block.count.all.max(1)), short(block.count.drawn(rate)));
    let mut most = 0;
    let rising = |(knot, worth): (u16, u16)| {
        most = worth.max(most);
        (knot, most)
    };
    blocks.iter().map(knot).map(rising).collect()
}
