//! How good a lead looks: signals of bots, jokes and throw-away data, and an integer score made of them.
//!
//! Pure functions of the lead. No signal refuses a lead by itself: it lowers the score, and a plan decides what that means,
//! in criteria (`"quality": { "gte": 600 }`) or by a policy for the problem.

mod form;
mod score;
mod text;

pub use form::{HONEYPOTS, filled_honeypot, too_fast};
pub use score::{WEIGHTS, score};
pub use text::{is_gibberish_email, is_gibberish_text, name_in_email, repeated_digits, sequential_digits};
