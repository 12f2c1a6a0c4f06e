//! Decisions on their way out: the bytes of the core, not one value of them.

use leadwright::engine::{Decided, Line};
use leadwright::model::Durability;
use napi::bindgen_prelude::{Buffer, Float64Array, Uint8Array, Uint32Array};
use napi_derive::napi;

/// One decision.
#[napi(object, object_from_js = false)]
pub struct Answer {
    /// The decision as JSON.
    pub body: Buffer,
    /// Its position in the log.
    pub seq: f64,
    /// What the store promises.
    pub durability: String,
    /// Whether it was made before.
    pub replayed: bool,
}

/// Many answers in one piece, so that a batch of 256 costs four buffers and not a thousand.
#[napi(object, object_from_js = false)]
pub struct Answers {
    /// All bodies, one after the other.
    pub bytes: Buffer,
    /// Where each ends.
    pub ends: Uint32Array,
    /// Positions in the log; 0 where there is no decision.
    pub seqs: Float64Array,
    /// What each is: see `marks` in `lib/decision.js`.
    pub marks: Uint8Array,
    /// What the store promises.
    pub durability: String,
}

/// Many answers of one kind in one piece.
#[napi(object, object_from_js = false)]
pub struct Many {
    /// All answers as JSON, one after the other.
    pub bytes: Buffer,
    /// Where each ends.
    pub ends: Uint32Array,
}

impl From<(Vec<u8>, Vec<u32>)> for Many {
    fn from((bytes, ends): (Vec<u8>, Vec<u32>)) -> Self {
        Self { bytes: bytes.into(), ends: ends.into() }
    }
}

/// All answers one after the other, and where each ends.
pub(crate) fn joined(answers: Vec<Vec<u8>>) -> (Vec<u8>, Vec<u32>) {
    let (mut bytes, mut ends) = (Vec::new(), Vec::with_capacity(answers.len()));
    for answer in answers {
        bytes.extend(answer);
        ends.push(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
    }
    (bytes, ends)
}

/// Answers in the making.
#[derive(Default)]
pub struct Joined {
    bytes: Vec<u8>,
    ends: Vec<u32>,
    seqs: Vec<f64>,
    marks: Vec<u8>,
    durability: Option<Durability>,
}

const REFUSED: u8 = 0;
const DECIDED: u8 = 1;
const REPLAYED: u8 = 2;
const FAULT: u8 = 3;

impl Joined {
    pub(crate) fn line(&mut self, line: &Line) {
        match line {
            Line::Decided(decided) => self.decided(decided),
            Line::Refused(bytes) => self.put(bytes, 0.0, REFUSED),
        }
    }

    pub(crate) fn decided(&mut self, decided: &Decided) {
        self.durability = Some(decided.receipt.durability);
        let mark = if decided.receipt.replayed { REPLAYED } else { DECIDED };
        self.put(&decided.body, number(decided.receipt.seq), mark);
    }

    /// A call that failed alone, with the envelope of its error.
    pub(crate) fn fault(&mut self, envelope: &str) {
        self.put(envelope.as_bytes(), 0.0, FAULT);
    }

    fn put(&mut self, bytes: &[u8], seq: f64, mark: u8) {
        self.bytes.extend_from_slice(bytes);
        self.ends.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
        self.seqs.push(seq);
        self.marks.push(mark);
    }
}

impl From<Joined> for Answers {
    fn from(joined: Joined) -> Self {
        Self {
            bytes: joined.bytes.into(),
            ends: joined.ends.into(),
            seqs: joined.seqs.into(),
            marks: joined.marks.into(),
            durability: word(joined.durability.unwrap_or(Durability::None)).to_owned(),
        }
    }
}

impl From<Decided> for Answer {
    fn from(decided: Decided) -> Self {
        Self {
            body: decided.body.into(),
            seq: number(decided.receipt.seq),
            durability: word(decided.receipt.durability).to_owned(),
            replayed: decided.receipt.replayed,
        }
    }
}

fn word(durability: Durability) -> &'static str {
    match durability {
        Durability::Full => "full",
        Durability::Relaxed => "relaxed",
        Durability::Memory => "memory",
        Durability::None => "none",
    }
}

/// Exact up to 2^53, which a log does not reach.
#[expect(clippy::cast_precision_loss, reason = "exact up to 2^53, which a log does not reach")]
pub(crate) fn number(seq: u64) -> f64 {
    seq as f64
}
