//! Counting passed and failed tests from what the test runners print.

use std::iter::Peekable;
use std::str::Chars;

/// Which runner's output is read.
#[derive(Clone, Copy)]
pub(crate) enum Runner {
    /// `cargo test`: one `test result:` line for each binary.
    Libtest,
    /// `cargo nextest run`: one `Summary` line.
    Nextest,
    /// `pytest -q`: one line `3 passed, 1 failed in 0.12s`.
    Pytest,
    /// `node --test --test-reporter=tap`: closing lines `# pass 3`, `# fail 0`.
    Tap,
}

/// Tests counted so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Tally {
    /// Adds what `line` says, if it is a line of figures.
    pub(crate) fn read(&mut self, runner: Runner, line: &str) {
        let line = without_colour(line);
        match runner {
            Runner::Libtest => self.add_words(line.strip_prefix("test result:")),
            Runner::Nextest => self.add_words(line.trim_start().strip_prefix("Summary [")),
            Runner::Pytest => self.add_words(pytest_summary(&line)),
            Runner::Tap => self.read_tap(&line),
        }
    }

    /// Adds another tally to this one.
    pub(crate) fn add(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    fn add_words(&mut self, summary: Option<&str>) {
        let words: Vec<&str> = summary.unwrap_or_default().split([' ', ',', ';', '(', ')']).collect();
        for pair in words.windows(2) {
            let [count, what] = pair else { continue };
            let Ok(count) = count.parse::<u64>() else { continue };
            match *what {
                "passed" => self.passed += count,
                // nextest: `1 timed out`, `1 exec failed`; pytest: `2 errors`.
                "failed" | "timed" | "exec" | "error" | "errors" => self.failed += count,
                _ => {}
            }
        }
    }

    /// Sub-reports come first and are indented; the closing lines start at the margin.
    fn read_tap(&mut self, line: &str) {
        let mut words = line.split(' ');
        let (Some("#"), Some(what), Some(count), None) = (words.next(), words.next(), words.next(), words.next())
        else {
            return;
        };
        let Ok(count) = count.parse::<u64>() else { return };
        match what {
            "pass" => self.passed += count,
            "fail" | "cancelled" => self.failed += count,
            _ => {}
        }
    }
}

fn pytest_summary(line: &str) -> Option<&str> {
    let line = line.trim_matches(['=', ' ']);
    let (figures, time) = line.split_once(" in ")?;
    let starts_with_a_figure = figures.starts_with(|first: char| first.is_ascii_digit());
    let ends_with_a_time = time.starts_with(|first: char| first.is_ascii_digit()) && time.contains('s');
    (starts_with_a_figure && ends_with_a_time).then_some(figures)
}

/// Leaves out the terminal's colour sequences (`ESC [ … m`).
fn without_colour(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut chars = line.chars().peekable();
    while let Some(next) = chars.next() {
        if next == '\u{1b}' { skip_sequence(&mut chars) } else { plain.push(next) }
    }
    plain
}

fn skip_sequence(chars: &mut Peekable<Chars<'_>>) {
    if chars.next_if_eq(&'[').is_some() {
        for next in chars.by_ref() {
            if next.is_ascii_alphabetic() {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(runner: Runner, text: &str) -> (u64, u64) {
        let mut tally = Tally::default();
        text.lines().for_each(|line| tally.read(runner, line));
        (tally.passed, tally.failed)
    }

    #[test]
    fn libtest_sums_over_the_binaries() {
        let text = "running 2 tests\ntest a ... ok\n\
            test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s";
        assert_eq!(tally(Runner::Libtest, text), (5, 1));
    }

    #[test]
    fn nextest_with_colour_and_all_ways_to_fail() {
        let text = "\u{1b}[32;1m     Summary\u{1b}[0m [   0.034s] 13 tests run: 9 passed (1 slow), 2 failed, \
            1 timed out, 1 exec failed, 4 skipped";
        assert_eq!(tally(Runner::Nextest, text), (9, 4));
        assert_eq!(tally(Runner::Nextest, "     Summary [   1.2s] 5/9 tests run: 4 passed, 1 failed"), (4, 1));
    }

    #[test]
    fn pytest_with_and_without_a_frame() {
        assert_eq!(tally(Runner::Pytest, "1 failed, 12 passed, 2 skipped, 1 error in 0.12s"), (12, 2));
        assert_eq!(tally(Runner::Pytest, "===== 3 passed in 61.20s (0:01:01) ====="), (3, 0));
        assert_eq!(tally(Runner::Pytest, "no tests ran in 0.01s"), (0, 0));
        assert_eq!(tally(Runner::Pytest, "E   assert 3 passed in the test"), (0, 0));
    }

    #[test]
    fn tap_reads_the_closing_lines_only() {
        let text = "    # pass 7\n# tests 3\n# pass 2\n# fail 1\n# cancelled 1\n# skipped 0\n# pass the salt";
        assert_eq!(tally(Runner::Tap, text), (2, 2));
    }
}
