//! What is sealed of a decision, as bytes: where the lead stood in its body, the lead, what came in, and what was read.

use crate::store::{LeadIn, NO_CANONICAL, NO_CORRECTIONS, Record};
use std::ops::Range;

/// The parts of a decision that are about the person.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) struct Whole {
    pub(in super::super) input: Vec<u8>,
    pub(in super::super) reads: String,
    pub(in super::super) body: Vec<u8>,
}

/// The body without its lead, and what is to be sealed. None when it is no body in which a lead stands there.
pub(super) fn cut(record: &Record, lead: &LeadIn) -> Option<(Vec<u8>, Vec<u8>)> {
    let body = &record.body;
    let LeadIn { canonical, corrections, .. } = lead;
    let head = body.get(..canonical.start)?;
    let middle = body.get(canonical.end..corrections.start)?;
    let tail = body.get(corrections.end..)?;
    let left = [head, NO_CANONICAL.as_bytes(), middle, NO_CORRECTIONS.as_bytes(), tail].concat();
    let (canonical, corrections) = (body.get(canonical.clone())?, body.get(corrections.clone())?);
    let parts = [canonical, corrections, &record.input, record.reads.as_bytes()];
    let lengths = [head.len(), middle.len()].into_iter().chain(parts.iter().map(|part| part.len()));
    let mut sealed = Vec::with_capacity(parts.iter().map(|part| part.len()).sum::<usize>().saturating_add(64));
    for length in lengths {
        sealed.extend(u32::try_from(length).ok()?.to_be_bytes());
    }
    parts.iter().for_each(|part| sealed.extend_from_slice(part));
    Some((left, sealed))
}

/// Puts together again what was cut.
pub(super) fn join(left: &[u8], sealed: &[u8]) -> Option<Whole> {
    let mut rest = sealed;
    let mut length = || {
        let (bytes, behind) = rest.split_first_chunk::<4>()?;
        rest = behind;
        usize::try_from(u32::from_be_bytes(*bytes)).ok()
    };
    let [head, middle, canonical, corrections, input, reads] =
        [length()?, length()?, length()?, length()?, length()?, length()?];
    let mut part = |length: usize| {
        let (part, behind) = rest.split_at_checked(length)?;
        rest = behind;
        Some(part)
    };
    let [canonical, corrections, input, reads] = [part(canonical)?, part(corrections)?, part(input)?, part(reads)?];
    let behind = |at: Range<usize>, name: &str| at.end.saturating_add(name.len());
    let second = behind(0..head, NO_CANONICAL);
    let third = second.saturating_add(middle);
    let (head, middle) = (left.get(..head)?, left.get(second..third)?);
    let tail = left.get(behind(second..third, NO_CORRECTIONS)..)?;
    Some(Whole {
        input: input.to_vec(),
        reads: String::from_utf8(reads.to_vec()).ok()?,
        body: [head, canonical, middle, corrections, tail].concat(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DecisionId, LeadId, Outcome, Seed, SourceId, TenantId, Timestamp};
    use proptest::prelude::*;

    fn record(input: Vec<u8>, reads: String, body: Vec<u8>) -> Record {
        Record {
            id: DecisionId { source: SourceId::known("web"), lead: LeadId::known("L1"), n: 1 },
            tenant: TenantId::default(),
            at: Timestamp::EPOCH,
            requested_at: Timestamp::EPOCH,
            seed: Seed::default(),
            plan: String::new(),
            outcome: Outcome::Assigned,
            idempotency_key: None,
            payload: [0; 32],
            input,
            reads,
            body,
            digest: String::new(),
        }
    }

    proptest! {
        #[test]
        fn what_is_cut_comes_together_again(
            input in any::<Vec<u8>>(),
            reads in ".{0,40}",
            body in any::<Vec<u8>>(),
            mut at in prop::array::uniform4(0_usize..120),
        ) {
            at.sort_unstable();
            let [a, b, c, d] = at;
            let lead = LeadIn { canonical: a..b, corrections: c..d, inner: [0; 32] };
            let record = record(input, reads, body);
            match cut(&record, &lead) {
                Some((left, sealed)) => {
                    let Record { input, reads, body, .. } = record;
                    prop_assert_eq!(left.len() + (b - a) + (d - c), body.len() + 4);
                    prop_assert_eq!(join(&left, &sealed), Some(Whole { input, reads, body }));
                }
                None => prop_assert!(d > record.body.len()),
            }
        }

        /// What a damaged file holds is nothing, and no panic.
        #[test]
        fn what_was_not_cut_is_nothing(left in any::<Vec<u8>>(), sealed in any::<Vec<u8>>(), short in 0_u32..40) {
            let _ = join(&left, &sealed);
            let lengths = short.to_be_bytes().repeat(6);
            let _ = join(&left, &[lengths, sealed].concat());
        }
    }
}
