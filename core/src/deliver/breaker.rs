//! The circuit breaker of a buyer: whether it is called at all. A state machine without a clock: time is given.

use super::window::{Seen, Span, Window};
use crate::model::{BreakerState, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The longest that a breaker stays open before it tries again, in milliseconds.
const LONGEST_OPEN: i64 = 10 * 60_000;

/// When a breaker opens, and how it closes again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakerTerms {
    /// It looks at so many calls,
    pub of: u32,
    /// or at those of so many milliseconds, where that is said.
    pub within: Option<i64>,
    /// It does not open before so many calls.
    pub min: u32,
    /// It opens when so many in a hundred failed,
    pub failures: u32,
    /// or when so many in a hundred were slow.
    pub slow_rate: u32,
    /// A call is slow that takes longer, in milliseconds.
    pub slow: i64,
    /// How long it stays open at first, in milliseconds; each time that it opens again it is twice as long.
    pub open: i64,
    /// So many calls show whether the buyer answers again.
    pub permits: u32,
}

impl Default for BreakerTerms {
    /// Half of at least 20 of the last 100 calls.
    fn default() -> Self {
        Self { of: 100, within: None, min: 20, failures: 50, slow_rate: 100, slow: 8_000, open: 30_000, permits: 3 }
    }
}

/// How a call counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    /// The buyer does not work.
    Failure,
    /// It works, whatever it said.
    Success,
    /// It says nothing about the buyer.
    Ignored,
}

/// A breaker. As JSON it is small, and nothing else is needed to go on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breaker {
    #[serde(default)]
    state: BreakerState,
    /// When it came into this state; none of one that never left the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<Timestamp>,
    /// When it tries again, while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
    /// How often it opened again without having closed.
    #[serde(default, skip_serializing_if = "is_zero")]
    again: u32,
    /// It grows whenever it tries again or is reset: a call that began before says nothing about now.
    #[serde(default, skip_serializing_if = "is_zero")]
    round: u32,
    /// How many permits of this round are given out.
    #[serde(default, skip_serializing_if = "is_zero")]
    taken: u32,
    #[serde(default)]
    window: Window,
}

/// `serde` asks by reference.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

/// How a call ended, of the breaker's view.
#[derive(Clone, Copy, Debug)]
pub struct Called {
    /// What [`Breaker::take`] gave.
    pub round: u32,
    /// How it counts.
    pub counts: Counts,
    /// How long it took, in milliseconds, where somebody measured it.
    pub took: Option<i64>,
}

impl Breaker {
    /// Where it stands. One whose time is over is open until somebody takes a permit.
    pub fn state(&self) -> BreakerState {
        self.state
    }

    /// When it came there.
    pub fn since(&self) -> Option<Timestamp> {
        self.since
    }

    /// When it tries again, while it is open.
    pub fn until(&self) -> Option<Timestamp> {
        self.until
    }

    /// Calls, failures and slow calls that it looks at.
    pub fn seen(&self, terms: &BreakerTerms, now: Timestamp) -> [u32; 3] {
        let Seen { calls, failed, slow } = self.window.seen(self.span(terms), now);
        [calls, failed, slow]
    }

    /// Whether nothing may be sold to the buyer now, because it would not be called. One that tries again has to get
    /// something to try with.
    pub fn is_open(&self, now: Timestamp) -> bool {
        match self.state {
            BreakerState::ForcedOpen => true,
            BreakerState::Open => self.until.is_some_and(|until| now < until),
            _ => false,
        }
    }

    /// How many calls may begin now.
    ///
    /// ```
    /// use leadwright::{deliver::{Breaker, BreakerTerms, Called, Counts}, model::Timestamp};
    /// let (mut breaker, terms) = (Breaker::default(), BreakerTerms::default());
    /// let now: Timestamp = "2026-11-24T15:30:00Z".parse()?;
    /// for _ in 0..20 {
    ///     let round = breaker.take(&terms, now).ok_or("closed")?;
    ///     breaker.ended(&Called { round, counts: Counts::Failure, took: None }, &terms, "acme|post", now);
    /// }
    /// assert_eq!(breaker.room(&terms, now), 0, "it is open");
    /// assert_eq!(breaker.room(&terms, now.plus_millis(30_000)), 3, "it tries again");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn room(&self, terms: &BreakerTerms, now: Timestamp) -> u32 {
        match self.state {
            BreakerState::Closed | BreakerState::Disabled | BreakerState::MetricsOnly => u32::MAX,
            BreakerState::ForcedOpen => 0,
            BreakerState::Open if self.is_open(now) => 0,
            BreakerState::Open => terms.permits.max(1),
            BreakerState::HalfOpen => terms.permits.max(1).saturating_sub(self.taken),
        }
    }

    /// A call begins: which round it is of; none where none may.
    pub fn take(&mut self, terms: &BreakerTerms, now: Timestamp) -> Option<u32> {
        if self.room(terms, now) == 0 {
            return None;
        }
        if self.state == BreakerState::Open {
            self.begin(BreakerState::HalfOpen, now);
        }
        if self.state == BreakerState::HalfOpen {
            self.taken = self.taken.saturating_add(1);
        }
        Some(self.round)
    }

    /// A call ended. Calls of an earlier round are not counted: they began before the breaker opened. `name` is whose breaker
    /// it is, and is what the chance in its times comes from.
    pub fn ended(&mut self, called: &Called, terms: &BreakerTerms, name: &str, now: Timestamp) {
        if called.round != self.round {
            return;
        }
        if called.counts == Counts::Ignored {
            // It showed nothing: another call may.
            self.taken = self.taken.saturating_sub(1);
            return;
        }
        if !matches!(self.state, BreakerState::Closed | BreakerState::HalfOpen | BreakerState::MetricsOnly) {
            return;
        }
        let slow = called.took.is_some_and(|took| took > terms.slow);
        let seen = self.window.push(self.span(terms), called.counts == Counts::Failure, slow, now);
        let over = |count: u32, rate: u32| {
            u64::from(count).saturating_mul(100) >= u64::from(rate.max(1)).saturating_mul(u64::from(seen.calls))
        };
        let too_much = over(seen.failed, terms.failures) || over(seen.slow, terms.slow_rate);
        match self.state {
            BreakerState::Closed if seen.calls >= self.least(terms) && too_much => self.open(0, terms, name, now),
            BreakerState::HalfOpen if seen.calls >= terms.permits.max(1) => match too_much {
                true => self.open(self.again.saturating_add(1), terms, name, now),
                false => {
                    // Its round stays: what began with the last permits is of now.
                    let round = self.round;
                    *self = Self { round, since: Some(now), ..Self::default() };
                }
            },
            _ => {}
        }
    }

    /// Somebody says where it stands from now on; closed is as if it were new.
    ///
    /// ```
    /// use leadwright::{deliver::{Breaker, BreakerTerms}, model::{BreakerState, Timestamp}};
    /// let now: Timestamp = "2026-11-24T15:30:00Z".parse()?;
    /// let mut breaker = Breaker::default();
    /// breaker.force(BreakerState::ForcedOpen, now);
    /// assert!(breaker.is_open(now) && breaker.take(&BreakerTerms::default(), now).is_none());
    /// breaker.force(BreakerState::Closed, now);
    /// assert!(!breaker.is_open(now));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn force(&mut self, state: BreakerState, now: Timestamp) {
        self.begin(state, now);
        self.again = 0;
    }

    fn begin(&mut self, state: BreakerState, now: Timestamp) {
        let (again, round) = (self.again, self.round.wrapping_add(1));
        *self = Self { state, since: Some(now), again, round, ..Self::default() };
    }

    fn open(&mut self, again: u32, terms: &BreakerTerms, name: &str, now: Timestamp) {
        self.state = BreakerState::Open;
        self.since = Some(now);
        self.until = Some(now.plus_millis(open_millis(name, again, now.millis(), terms.open)));
        self.again = again;
        self.taken = 0;
    }

    #[cfg(test)]
    pub(super) fn round_of(&self) -> u32 {
        self.round
    }

    fn span(&self, terms: &BreakerTerms) -> Span {
        match (self.state, terms.within) {
            (BreakerState::HalfOpen, _) => Span::Calls(terms.permits.max(1)),
            (_, Some(millis)) => Span::Millis(millis),
            (_, None) => Span::Calls(terms.of),
        }
    }

    /// No more than there can be.
    fn least(&self, terms: &BreakerTerms) -> u32 {
        match terms.within {
            Some(_) => terms.min.max(1),
            None => terms.min.min(terms.of).max(1),
        }
    }
}

/// How long a breaker stays open that opened for the `again`-th time in a row, the first being 0: the first time doubled each
/// time, ten minutes at most, and of that anything from three quarters to all, drawn from the name and the seed, so that buyers
/// on one host are not all tried again at the same moment.
///
/// ```
/// use leadwright::deliver::open_millis;
/// assert!((22_500..=30_000).contains(&open_millis("acme|post", 0, 1, 30_000)));
/// assert!((90_000..=120_000).contains(&open_millis("acme|post", 2, 1, 30_000)));
/// assert!((0..99).all(|again| open_millis("acme|post", again, 1, 30_000) <= 600_000));
/// ```
pub fn open_millis(name: &str, again: u32, seed: i64, first: i64) -> i64 {
    let doubled = (0..again.min(40)).fold(first, |millis, _| millis.saturating_mul(2));
    let most = doubled.min(LONGEST_OPEN.max(first)).max(1);
    let span = (most / 4).saturating_add(1);
    let digest = Sha256::digest(format!("lw1|breaker|{name}|{again}|{seed}"));
    let drawn = digest.iter().take(4).fold(0_i64, |sum, byte| sum << 8 | i64::from(*byte));
    most.saturating_sub(drawn.checked_rem(span).unwrap_or(0))
}
