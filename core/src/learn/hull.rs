//! The narrowest conditions that a set of leads meets: of each number the least and the greatest, of each word the ones
//! that occur. Whatever conjunction the legacy asks, all of it holds for the leads that it sold, so none is narrower than
//! this one; and whatever any conjunction keeps out that these leads meet, the hull keeps out.

use super::table::{Column, MISSING, Of, Table};

/// Nobody writes more beginnings of ZIP codes, and a list of a plan has room for the codes of so many.
const PREFIXES: usize = 90;

/// Which half of a column a condition is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    /// Not less than the least.
    Low,
    /// Not more than the greatest.
    High,
    /// One of the words.
    Set,
}

/// One condition of a hull.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Test {
    pub(super) column: usize,
    pub(super) side: Side,
}

/// What the leads have in a column.
#[derive(Clone, Debug, Default)]
pub(super) struct Span {
    /// How many have nothing there.
    pub(super) missing: u32,
    pub(super) low: i64,
    pub(super) high: i64,
    /// Of words: how many have each.
    pub(super) words: Vec<u32>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Hull {
    pub(super) rows: usize,
    pub(super) spans: Vec<Span>,
}

impl Hull {
    pub(super) fn of(table: &Table, rows: &[u32]) -> Self {
        let spans = table.columns.iter().map(|column| span(column, rows)).collect();
        Self { rows: rows.len(), spans }
    }

    /// Whether a condition keeps a row out. Whoever has nothing in a column is kept out where none of the leads was so.
    pub(super) fn keeps_out(&self, table: &Table, test: Test, row: usize) -> bool {
        let (Some(column), Some(span)) = (table.column(test.column), self.spans.get(test.column)) else { return false };
        span.keeps_out(column.at(row), test.side)
    }

    pub(super) fn holds(&self, table: &Table, row: usize) -> bool {
        table.columns.iter().zip(&self.spans).all(|(column, span)| {
            let cell = column.at(row);
            match column.of.is_ordered() {
                true => !span.keeps_out(cell, Side::Low) && !span.keeps_out(cell, Side::High),
                false => !span.knows_its_words() || !span.keeps_out(cell, Side::Set),
            }
        })
    }
}

impl Span {
    fn keeps_out(&self, cell: i64, side: Side) -> bool {
        if cell == MISSING {
            return self.missing == 0;
        }
        match side {
            Side::Low => cell < self.low,
            Side::High => cell > self.high,
            Side::Set => !self.has(cell),
        }
    }

    /// Whether hardly any other words are to be expected: as many leads have a word that did not come yet as have one that
    /// came once. Of a few leads nobody knows, and they are taken at their word.
    pub(super) fn knows_its_words(&self) -> bool {
        let once = self.words.iter().filter(|count| **count == 1).count();
        let all: u32 = self.words.iter().sum();
        once * 10 <= all as usize + 20
    }

    pub(super) fn has(&self, word: i64) -> bool {
        usize::try_from(word).ok().and_then(|word| self.words.get(word)).is_some_and(|count| *count > 0)
    }
}

fn span(column: &Column, rows: &[u32]) -> Span {
    let mut span = Span { missing: 0, low: i64::MAX, high: i64::MIN, words: vec![0; column.words.len()] };
    for row in rows {
        let cell = column.at(*row as usize);
        if cell == MISSING {
            span.missing += 1;
            continue;
        }
        span.low = span.low.min(cell);
        span.high = span.high.max(cell);
        if let Some(count) = usize::try_from(cell).ok().and_then(|word| span.words.get_mut(word)) {
            *count += 1;
        }
    }
    span
}

/// The conditions of a hull: those that say something about leads that did not come yet, too, or all.
pub(super) fn tests(table: &Table, hull: &Hull, all: bool) -> Vec<Test> {
    let knows = |test: &Test| {
        let (Some(column), Some(span)) = (table.column(test.column), hull.spans.get(test.column)) else { return false };
        let sure = all || test.side != Side::Set || span.knows_its_words();
        let found = || span.words.iter().filter(|count| **count > 0).count();
        sure && (column.of != Of::ZipPrefix || found() <= PREFIXES)
    };
    let of_column = |(column, of): (usize, Of)| match of.is_ordered() {
        true => vec![Test { column, side: Side::Low }, Test { column, side: Side::High }],
        false => vec![Test { column, side: Side::Set }],
    };
    table.columns.iter().map(|column| column.of).enumerate().flat_map(of_column).filter(knows).collect()
}
