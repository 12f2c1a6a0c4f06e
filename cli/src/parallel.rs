//! Many leads at once: the pure half of each in threads, the rest in one transaction a batch.

use leadwright::address::Canonicalizer;
use leadwright::engine::{Engine, Line, PreparedLine, batches};
use leadwright::model::limits::BATCH;
use leadwright::model::{Error, Tick};
use std::num::NonZero;

/// Runs `work` over a batch in so many threads, and keeps the order. A panic of one comes out here.
pub(crate) fn in_order<T: Sync, R: Send>(batch: &[T], threads: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    in_order_with(batch, threads, || (), |(), item| work(item))
}

/// The same with a memory for each thread.
pub(crate) fn in_order_with<T: Sync, R: Send, M>(
    batch: &[T],
    threads: usize,
    memory: impl Fn() -> M + Sync,
    work: impl Fn(&mut M, &T) -> R + Sync,
) -> Vec<R> {
    let all = |part: &[T]| -> Vec<R> {
        let mut memory = memory();
        part.iter().map(|item| work(&mut memory, item)).collect()
    };
    if threads <= 1 || batch.len() < 2 {
        return all(batch);
    }
    let share = batch.len().div_ceil(threads);
    let all = &all;
    std::thread::scope(|scope| {
        let workers: Vec<_> = batch.chunks(share).map(|part| scope.spawn(move || all(part))).collect();
        let done =
            workers.into_iter().map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        done.flatten().collect()
    })
}

/// Decides JSON Lines with so many threads. `each` gets the answers of a batch after its commit, and may stop the run.
///
/// # Errors
/// `store.*`, and what `each` returned. What was committed before it stays.
pub fn decide_lines<E: From<Error>>(
    engine: &Engine,
    leads: &[u8],
    tick: Tick,
    threads: usize,
    each: impl FnMut(Vec<Line>) -> Result<(), E>,
) -> Result<(), E> {
    decide_lines_from(engine, leads, 1, tick, threads, each)
}

/// The same for a part of an input: its first line has this number.
///
/// # Errors
/// As [`decide_lines`].
pub fn decide_lines_from<E: From<Error>>(
    engine: &Engine,
    leads: &[u8],
    line: u64,
    tick: Tick,
    threads: usize,
    mut each: impl FnMut(Vec<Line>) -> Result<(), E>,
) -> Result<(), E> {
    for (first, lines) in batches(leads) {
        let first = first.saturating_add(line.saturating_sub(1));
        let numbered: Vec<(u64, &[u8])> = (first..).zip(lines).collect();
        let prepared = in_order(&numbered, threads, |(number, line)| engine.prepare_line(line, *number, tick));
        each(engine.settle_lines(prepared)?)?;
    }
    Ok(())
}

/// Prepares JSON Lines with so many threads, for an engine that settles elsewhere. `each` gets the rows of a batch, and may
/// stop the run.
///
/// # Errors
/// What `each` returned.
pub fn prepare_rows<E>(
    engine: &Engine,
    leads: &[u8],
    tick: Tick,
    threads: usize,
    mut each: impl FnMut(Vec<Vec<u8>>) -> Result<(), E>,
) -> Result<(), E> {
    batches(leads).try_for_each(|(_, lines)| each(in_order(&lines, threads, |line| engine.prepare_row(line, tick))))
}

/// Settles rows that were prepared elsewhere; the first is the line of this number. `each` gets the answers of a batch after
/// its commit, and may stop the run.
///
/// # Errors
/// `prepared.*`, and nothing was settled; `store.*`, and what `each` returned: what was committed before it stays.
pub fn settle_rows<R: AsRef<[u8]>, E: From<Error>>(
    engine: &Engine,
    rows: &[R],
    line: u64,
    mut each: impl FnMut(Vec<Line>) -> Result<(), E>,
) -> Result<(), E> {
    let mut lines = engine.read_rows(rows, line)?.into_iter();
    loop {
        let batch: Vec<PreparedLine> = lines.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            return Ok(());
        }
        each(engine.settle_lines(batch)?)?;
    }
}

/// Reads addresses, each a JSON value, in so many threads; each answer is JSON, in their order.
///
/// ```
/// let answers = leadwright_cli::canonicalize_addresses(&["\"PO Box 12, Kalona IA 52247\"", "7"], 2);
/// assert!(answers[0].starts_with(br#"{"components":{"po_box":"12""#));
/// assert_eq!(answers.len(), 2);
/// ```
pub fn canonicalize_addresses<T: AsRef<[u8]> + Sync>(addresses: &[T], threads: usize) -> Vec<Vec<u8>> {
    let read = |canonicalizer: &mut Canonicalizer, address: &T| {
        serde_json::to_vec(&canonicalizer.json(address.as_ref())).unwrap_or_default()
    };
    in_order_with(addresses, threads, Canonicalizer::default, read)
}

/// So many threads as somebody said, else as the machine has.
pub(crate) fn threads(given: Option<usize>) -> usize {
    given.or_else(|| std::thread::available_parallelism().ok().map(NonZero::get)).unwrap_or(1).max(1)
}
