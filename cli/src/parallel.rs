//! Many leads at once: the pure half of each in threads, the rest in one transaction a batch.

use leadwright::engine::{Engine, Line, batches};
use leadwright::model::{Error, Tick};
use std::num::NonZero;

/// Runs `work` over a batch in so many threads, and keeps the order. A panic of one comes out here.
pub(crate) fn in_order<T: Sync, R: Send>(batch: &[T], threads: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let work = &work;
    if threads <= 1 || batch.len() < 2 {
        return batch.iter().map(work).collect();
    }
    let share = batch.len().div_ceil(threads);
    std::thread::scope(|scope| {
        let workers: Vec<_> =
            batch.chunks(share).map(|part| scope.spawn(move || part.iter().map(work).collect::<Vec<_>>())).collect();
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

/// So many threads as somebody said, else as the machine has.
pub(crate) fn threads(given: Option<usize>) -> usize {
    given.or_else(|| std::thread::available_parallelism().ok().map(NonZero::get)).unwrap_or(1).max(1)
}
