//! Time and the hash of what matched.

use cpu_time::ThreadTime;
use std::time::Duration;

/// The matches of all leads as one number, in whatever order they come.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Matches {
    pub count: usize,
    pub hash: u64,
}

impl Matches {
    pub fn add(&mut self, lead: usize, contract: usize) {
        self.count += 1;
        let lead = (lead as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.hash = self.hash.wrapping_add((contract as u64 + 1).wrapping_mul(lead));
    }
}

/// What came of one engine.
pub struct Run {
    pub name: &'static str,
    pub leads: usize,
    /// Median over passes, nanoseconds of CPU for each lead.
    pub nanos: f64,
    pub build_ms: f64,
    pub matches: Matches,
}

/// Median time of a pass, for each lead. The first pass is not counted.
pub fn passes(leads: usize, passes: usize, mut pass: impl FnMut()) -> f64 {
    pass();
    let mut times: Vec<Duration> = (0..passes)
        .map(|_| {
            let start = ThreadTime::now();
            pass();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[times.len() / 2].as_nanos() as f64 / leads as f64
}

pub fn timed<T>(make: impl FnOnce() -> T) -> (T, f64) {
    let start = ThreadTime::now();
    let made = make();
    (made, start.elapsed().as_secs_f64() * 1e3)
}
