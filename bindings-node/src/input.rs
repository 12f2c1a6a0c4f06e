//! What comes in: JSON as text or bytes, and the time. Objects were made JSON by `lib/values.js`.

use leadwright::engine::Clock;
use leadwright::model::{Code, Error, Seed, Tick, Timestamp};
use napi::bindgen_prelude::Either;

/// JSON, as a string or as the bytes of a buffer.
pub(crate) type Json<'a> = Either<String, &'a [u8]>;

/// The bytes of either.
pub(crate) fn bytes<'a>(json: &'a Json<'_>) -> &'a [u8] {
    match json {
        Either::A(text) => text.as_bytes(),
        Either::B(bytes) => bytes,
    }
}

/// The tick of a call from epoch milliseconds; the clock is asked only when no time was given.
pub(crate) fn tick(now: Option<f64>, seed: f64) -> Result<Tick, Error> {
    let bad = |detail: &str| Error::new(Code::InputBadOption, detail);
    let now = match now {
        None => leadwright_cli::SystemClock.now(),
        Some(millis) => whole(millis)
            .and_then(|millis| Timestamp::from_millis(millis).ok())
            .ok_or_else(|| bad("`now` is a time of the years 0001 to 9999"))?,
    };
    let seed = whole(seed).and_then(|seed| u64::try_from(seed).ok()).and_then(Seed::new);
    Ok(Tick { now, seed: seed.ok_or_else(|| bad("`seed` is a whole number, 0 to 2^53 - 1"))? })
}

/// A number of JavaScript that is whole and exact.
fn whole(number: f64) -> Option<i64> {
    let exact = number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "it is whole, and below 2^53")]
    exact.then_some(number as i64)
}
