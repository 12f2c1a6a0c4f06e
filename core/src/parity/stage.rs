//! How far a step of a migration has come.

use super::bucket::BUCKETS;
use crate::model::{Code, Error};
use crate::text::did_you_mean;
use std::fmt;
use std::str::FromStr;

/// What a step does with its two sides, in the order of a migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StageName {
    /// The legacy answers, and nothing else happens.
    Off,
    /// The legacy answers; what it was asked and answered is kept.
    Record,
    /// The legacy answers; the candidate is asked beside it.
    Shadow,
    /// The legacy answers; the candidate is asked in the same thread, and a difference is an error. For tests.
    Verify,
    /// The candidate answers for a share of the leads, and the legacy for the others.
    Canary,
    /// The candidate answers; the legacy is asked beside it.
    Primary,
    /// The candidate answers, and nothing else happens.
    Done,
}

impl StageName {
    /// All, in the order of a migration.
    pub const ALL: [Self; 7] =
        [Self::Off, Self::Record, Self::Shadow, Self::Verify, Self::Canary, Self::Primary, Self::Done];

    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Record => "record",
            Self::Shadow => "shadow",
            Self::Verify => "verify",
            Self::Canary => "canary",
            Self::Primary => "primary",
            Self::Done => "done",
        }
    }

    fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.as_str() == word)
    }

    fn takes_a_share(self) -> bool {
        matches!(self, Self::Record | Self::Shadow | Self::Canary | Self::Primary)
    }
}

/// A stage and its share: of the leads that are looked at, or for a canary of those that the candidate answers for.
///
/// ```
/// use leadwright::parity::{Stage, StageName};
/// let stage: Stage = "canary 0.25".parse()?;
/// assert_eq!((stage.name, stage.share), (StageName::Canary, 25));
/// assert_eq!("shadow".parse::<Stage>()?.share, 10_000);
/// let error = "shadwo 10".parse::<Stage>().unwrap_err();
/// assert!(error.to_string().contains("did you mean `shadow`?"), "{error}");
/// # Ok::<(), leadwright::model::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Which.
    pub name: StageName,
    /// In ten-thousandths.
    pub share: u32,
}

impl FromStr for Stage {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut words = text.split_ascii_whitespace();
        let (word, percent, rest) = (words.next().unwrap_or_default(), words.next(), words.next());
        let bad = |what: String| Error::new(Code::ParityBadStage, what);
        let Some(name) = StageName::of(word) else {
            let near = did_you_mean(word, StageName::ALL.map(StageName::as_str));
            let near = near.map(|near| format!(": did you mean `{near}`?")).unwrap_or_default();
            return Err(bad(format!("the first word is no stage{near}")));
        };
        if rest.is_some() {
            return Err(bad(format!("`{name}` is followed by more than one word")));
        }
        let share = match percent {
            None if name == StageName::Canary => {
                return Err(bad("`canary` needs a percentage, like `canary 5`".into()));
            }
            None => BUCKETS,
            Some(_) if !name.takes_a_share() => return Err(bad(format!("`{name}` has no percentage"))),
            Some(percent) => share(percent).ok_or_else(|| {
                bad(format!("what follows `{name}` is no percentage of 0 to 100 with at most two decimals"))
            })?,
        };
        Ok(Self { name, share })
    }
}

/// `0.25` is 25 ten-thousandths.
fn share(percent: &str) -> Option<u32> {
    let percent = percent.strip_suffix('%').unwrap_or(percent);
    let (whole, part) = percent.split_once('.').unwrap_or((percent, "0"));
    let digits =
        |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole, 3) || !digits(part, 2) {
        return None;
    }
    let share = whole.parse::<u32>().ok()? * 100 + format!("{part:0<2}").parse::<u32>().ok()?;
    (share <= BUCKETS).then_some(share)
}

impl fmt::Display for StageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_stage_is_said_and_never_guessed() {
        for (text, says) in [
            ("", "no stage"),
            ("Shadow", "did you mean `shadow`"),
            ("canary", "needs a percentage"),
            ("canary 101", "no percentage"),
            ("canary 0.255", "no percentage"),
            ("canary -1", "no percentage"),
            ("canary 5 6", "more than one word"),
            ("verify 10", "has no percentage"),
            ("canary 1e1", "no percentage"),
        ] {
            let error = text.parse::<Stage>().unwrap_err();
            assert_eq!(error.code(), Code::ParityBadStage, "{text}");
            assert!(error.to_string().contains(says), "{text}: {error}");
        }
    }
}
