//! The calls that a breaker looks back at: the last so many, or those of the last while.

use crate::model::Timestamp;
use serde::{Deserialize, Serialize};

/// A window of time is of so many parts, the oldest of which is forgotten at once.
const PARTS: i64 = 10;

/// How far it looks back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Span {
    /// At so many calls.
    Calls(u32),
    /// At the calls of so many milliseconds.
    Millis(i64),
}

/// What is known of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Window {
    /// The last calls, the youngest at the end, one letter each: `.` was well, `s` slow, `f` failed, `x` failed and slow.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    calls: String,
    /// Parts of time: which, and how many calls, failures and slow ones were in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    parts: Vec<[i64; 4]>,
}

/// What they amount to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) calls: u32,
    pub(crate) failed: u32,
    pub(crate) slow: u32,
}

impl Window {
    /// One more call, and what they amount to now.
    pub(crate) fn push(&mut self, span: Span, failed: bool, slow: bool, now: Timestamp) -> Seen {
        match span {
            Span::Calls(most) => self.push_call(most, failed, slow),
            Span::Millis(millis) => self.push_part(millis, failed, slow, now),
        }
        self.seen(span, now)
    }

    fn push_call(&mut self, most: u32, failed: bool, slow: bool) {
        self.parts.clear();
        self.calls.push(match (failed, slow) {
            (false, false) => '.',
            (false, true) => 's',
            (true, false) => 'f',
            (true, true) => 'x',
        });
        let most = usize::try_from(most).unwrap_or(usize::MAX).max(1);
        let over = self.calls.chars().count().saturating_sub(most);
        if over > 0 {
            self.calls = self.calls.chars().skip(over).collect();
        }
    }

    fn push_part(&mut self, millis: i64, failed: bool, slow: bool, now: Timestamp) {
        self.calls.clear();
        let this = part(millis, now);
        self.parts.retain(|[part, ..]| *part > this.saturating_sub(PARTS));
        if self.parts.last().is_none_or(|[part, ..]| *part < this) {
            self.parts.push([this, 0, 0, 0]);
        }
        if let Some([_, calls, failures, slows]) = self.parts.last_mut() {
            *calls = calls.saturating_add(1);
            *failures = failures.saturating_add(i64::from(failed));
            *slows = slows.saturating_add(i64::from(slow));
        }
    }

    /// What they amount to.
    pub(crate) fn seen(&self, span: Span, now: Timestamp) -> Seen {
        match span {
            Span::Calls(_) => {
                let count = |which: fn(char) -> bool| {
                    u32::try_from(self.calls.chars().filter(|call| which(*call)).count()).unwrap_or(u32::MAX)
                };
                Seen {
                    calls: count(|_| true),
                    failed: count(|call| matches!(call, 'f' | 'x')),
                    slow: count(|call| matches!(call, 's' | 'x')),
                }
            }
            Span::Millis(millis) => {
                let since = part(millis, now).saturating_sub(PARTS);
                let live = || self.parts.iter().filter(|[part, ..]| *part > since);
                let whole = |sum: i64| u32::try_from(sum).unwrap_or(u32::MAX);
                Seen {
                    calls: whole(live().map(|[_, calls, ..]| calls).sum()),
                    failed: whole(live().map(|[_, _, failed, _]| failed).sum()),
                    slow: whole(live().map(|[.., slow]| slow).sum()),
                }
            }
        }
    }
}

/// Which part of time it is.
fn part(millis: i64, now: Timestamp) -> i64 {
    now.millis().div_euclid((millis / PARTS).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::EPOCH.plus_millis(millis)
    }

    #[test]
    fn a_count_forgets_the_oldest_call() {
        let (mut window, span) = (Window::default(), Span::Calls(3));
        for failed in [true, false, false] {
            window.push(span, failed, false, at(0));
        }
        assert_eq!(window.seen(span, at(0)), Seen { calls: 3, failed: 1, slow: 0 });
        assert_eq!(window.push(span, false, true, at(0)), Seen { calls: 3, failed: 0, slow: 1 });
    }

    #[test]
    fn a_time_forgets_its_oldest_part() {
        let (mut window, span) = (Window::default(), Span::Millis(60_000));
        window.push(span, true, false, at(1_000));
        window.push(span, true, true, at(7_000));
        assert_eq!(window.seen(span, at(59_999)), Seen { calls: 2, failed: 2, slow: 1 });
        assert_eq!(window.seen(span, at(60_000)), Seen { calls: 1, failed: 1, slow: 1 });
        assert_eq!(window.push(span, false, false, at(200_000)), Seen { calls: 1, failed: 0, slow: 0 });
        assert_eq!(window.parts.len(), 1, "nothing is kept that is over");
    }
}
