//! Signs of bots and jokes: problems that refuse nobody by themselves, and the score that is made of them.

use super::lead::Draft;
use super::options::ValidateOptions;
use super::raw::RawField;
use crate::field::FieldKind;
use crate::model::{Code, Problem, Quality, RawValue, Value, looks_like_a_value, shown_path};
use crate::quality;
use crate::schema::plain_form;

/// Fields of free text that people write words in.
const WORDS: [&str; 3] = ["address_line1", "city", "comments"];

/// Adds what the form and the values say.
pub(super) fn look(options: &ValidateOptions, found: &[RawField<'_>], draft: &mut Draft<'_>) {
    let hide = || found.iter().any(|field| looks_like_a_value(&field.name));
    for field in found {
        let code = match field.field() {
            Some(known) => of_known(&known.name, known.kind, field.value, draft),
            None => of_form(field, options),
        };
        let code = code.or_else(|| of_own_honeypot(field, options));
        // Of a field that nobody knows, the names above it may be values.
        let path = || if field.known.is_some() { field.path.to_owned() } else { shown_path(field.path, hide()) };
        draft.problems.extend(code.map(|code| Problem::new(code, path())));
    }
}

/// What a field of the schema says: a phone, a mailbox, words.
fn of_known(name: &str, kind: FieldKind, raw: &RawValue, draft: &Draft<'_>) -> Option<Code> {
    let text = || draft.canonical.get(name).and_then(Value::as_text);
    match (kind, raw) {
        (FieldKind::Phone, _) => {
            let phone = text()?;
            let repeated = quality::repeated_digits(phone).then_some(Code::SignalRepeatedDigits);
            repeated.or_else(|| quality::sequential_digits(phone).then_some(Code::SignalSequentialDigits))
        }
        (FieldKind::Email, _) => quality::is_gibberish_email(text()?).then_some(Code::SignalGibberish),
        (_, RawValue::Text(text)) if WORDS.contains(&name) => {
            quality::is_gibberish_text(text).then_some(Code::SignalGibberish)
        }
        _ => None,
    }
}

/// What a field says that only forms have.
fn of_form(field: &RawField<'_>, options: &ValidateOptions) -> Option<Code> {
    let name = plain_form(field.name.rsplit('.').next()?);
    if quality::filled_honeypot(&name, field.value, &options.honeypots) {
        return Some(Code::SignalHoneypotFilled);
    }
    quality::too_fast(&name, field.value).then_some(Code::SignalTooFast)
}

/// A field of the schema may be the trap of a form, where the host says so.
fn of_own_honeypot(field: &RawField<'_>, options: &ValidateOptions) -> Option<Code> {
    if options.honeypots.is_empty() {
        return None;
    }
    let name = &*field.plain;
    let trap = options.honeypots.iter().any(|trap| trap == name)
        && quality::filled_honeypot(name, field.value, &options.honeypots);
    trap.then_some(Code::SignalHoneypotFilled)
}

/// The score of a lead, once everything about it is known.
pub(super) fn score(draft: &Draft<'_>) -> Quality {
    let text = |name: &str| draft.canonical.get(name).and_then(Value::as_text);
    let mailbox =
        || text("email").is_some_and(|email| quality::name_in_email(email, text("first_name"), text("last_name")));
    quality::score(&draft.problems, mailbox)
}
