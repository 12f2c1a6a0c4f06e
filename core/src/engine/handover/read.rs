//! Reading a prepared lead again. Whatever the bytes are, nothing panics, nothing grows beyond what they could hold, and
//! what comes out is in the form that `prepare` gives it: names in order, numbers within their limits, contracts of the plan.

use super::super::identity::UNKNOWN_SOURCE;
use super::super::prepare::{BeforeSettling, Prepared};
use crate::model::limits::{DEPTH, LINE_BYTES};
use crate::model::{
    Action, Code, Correction, Date, LeadId, ListRead, ListUnavailable, Money, Problem, Quality, QualityReason, Seed,
    Severity, SourceId, Span, Tick, Timestamp, Value,
};
use crate::plan::Plan;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A canonical value nests little deeper than the lead that it was made of.
const DEEPEST: usize = 2 * DEPTH;

/// What is left of the bytes. Every answer is nothing where they are not what they should be.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    pub(super) fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7F);
            // The tenth byte has room for one bit.
            if shift == 63 && bits > 1 {
                return None;
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    fn small<T: TryFrom<u64>>(&mut self) -> Option<T> {
        T::try_from(self.number()?).ok()
    }

    pub(super) fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.small()?;
        self.take(length)
    }

    pub(super) fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    fn owned(&mut self) -> Option<String> {
        self.text().map(str::to_owned)
    }

    fn yes(&mut self) -> Option<bool> {
        match self.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    fn maybe<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        match self.yes()? {
            true => read(self).map(Some),
            false => Some(None),
        }
    }

    /// So many items; each takes a byte at least.
    fn each<T>(&mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let length: usize = self.small()?;
        if length > self.0.len() {
            return None;
        }
        (0..length).map(|_| read(self)).collect()
    }

    /// Names in ascending order, each once.
    fn names<T>(&mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<BTreeMap<String, T>> {
        let members = self.each(|from| Some((from.owned()?, read(from)?)))?;
        ascending(members.iter().map(|(name, _)| name)).then(|| members.into_iter().collect())
    }

    fn time(&mut self) -> Option<Timestamp> {
        Timestamp::from_millis(self.signed()?).ok()
    }

    fn code(&mut self) -> Option<Code> {
        self.text()?.parse().ok()
    }

    /// A lead that was prepared by this plan.
    pub(super) fn lead(&mut self, plan: &Plan) -> Option<Prepared> {
        let input = self.bytes().filter(|input| input.len() <= LINE_BYTES)?;
        let payload = self.take(32)?.try_into().ok()?;
        let tick = Tick { now: self.time()?, seed: Seed::new(self.number()?)? };
        let source = SourceId::new(self.text()?).ok()?;
        let known = source.as_str() == UNKNOWN_SOURCE || plan.sources.contains_key(&source);
        let lead = Prepared {
            plan: plan.hash.clone(),
            input: input.into(),
            payload,
            tick,
            source,
            lead: LeadId::new(self.text()?).ok()?,
            idempotency_key: self.maybe(Self::owned)?,
            received_at: self.maybe(Self::time)?,
            test: self.yes()?,
            not_to: self.each(Self::owned)?,
            vertical: self.maybe(Self::owned)?,
            canonical: Arc::new(self.record(DEEPEST)?),
            problems: self.each(Self::problem)?,
            corrections: self.each(Self::correction)?.into(),
            quality: self.quality()?,
            lists: self.names(Self::list)?,
            candidates: self.each(Self::small)?,
            asked: BeforeSettling::default(),
        };
        let of_plan = |place: &u32| plan.contract(usize::try_from(*place).unwrap_or(usize::MAX)).is_some();
        let right = known
            && ascending(lead.not_to.iter())
            && ascending(lead.candidates.iter())
            && lead.candidates.last().is_none_or(of_plan);
        right.then_some(lead)
    }

    fn record(&mut self, deepest: usize) -> Option<BTreeMap<String, Value>> {
        self.names(|from| from.value(deepest))
    }

    /// A value that nests no deeper than so.
    fn value(&mut self, deepest: usize) -> Option<Value> {
        let inner = deepest.checked_sub(1)?;
        Some(match self.byte()? {
            0 => Value::Bool(self.yes()?),
            1 => Value::Int(self.signed()?),
            2 => Value::Money(Money::from_units(self.signed()?)?),
            3 => Value::Date(Date::new(i16::try_from(self.signed()?).ok()?, self.byte()?, self.byte()?)?),
            4 => Value::Time(self.time()?),
            5 => Value::Text(self.owned()?),
            6 => Value::List(self.each(|from| from.value(inner))?),
            7 => Value::Record(self.record(inner)?),
            _ => return None,
        })
    }

    pub(super) fn problem(&mut self) -> Option<Problem> {
        Some(Problem {
            code: self.code()?,
            severity: match self.byte()? {
                0 => Severity::Info,
                1 => Severity::Warn,
                2 => Severity::Error,
                _ => return None,
            },
            action: match self.byte()? {
                0 => Action::Kept,
                1 => Action::Fixed,
                2 => Action::Dropped,
                3 => Action::Held,
                4 => Action::Rejected,
                _ => return None,
            },
            path: self.owned()?,
            shape: self.maybe(Self::owned)?,
            expected: self.maybe(Self::owned)?,
            suggestion: self.maybe(Self::owned)?,
            span: self.maybe(|from| Some(Span { start: from.small()?, end: from.small()? }))?,
        })
    }

    fn correction(&mut self) -> Option<Correction> {
        Some(Correction { code: self.code()?, path: self.owned()?, from: self.owned()?, to: self.owned()? })
    }

    fn quality(&mut self) -> Option<Quality> {
        let score = self.small().filter(|score| *score <= Quality::BEST)?;
        let reason =
            |from: &mut Self| Some(QualityReason { code: from.code()?, points: i32::try_from(from.signed()?).ok()? });
        Some(Quality { score, reasons: self.each(reason)? })
    }

    fn list(&mut self) -> Option<ListRead> {
        Some(ListRead {
            version: self.maybe(Self::owned)?,
            count: self.maybe(Self::number)?,
            hit: self.maybe(Self::yes)?,
            why: self.maybe(|from| {
                Some(match from.byte()? {
                    0 => ListUnavailable::Missing,
                    1 => ListUnavailable::Empty,
                    2 => ListUnavailable::Stale,
                    3 => ListUnavailable::Unfit,
                    4 => ListUnavailable::Failed,
                    _ => return None,
                })
            })?,
        })
    }
}

/// Whether each is more than the one before.
fn ascending<T: PartialOrd>(items: impl Iterator<Item = T> + Clone) -> bool {
    items.clone().zip(items.skip(1)).all(|(one, next)| one < next)
}
