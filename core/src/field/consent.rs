//! Consent: only a word that affirms is one.

use super::{FieldOptions, FieldOutcome, input};
use crate::model::{Action, Code, Problem, RawValue, Severity, Value};

/// Folded to small letters and digits.
const GIVEN: [&str; 25] = [
    "1",
    "10",
    "accept",
    "accepted",
    "agree",
    "agreed",
    "checked",
    "consent",
    "consented",
    "given",
    "granted",
    "iaccept",
    "iagree",
    "iconsent",
    "ihaveagreed",
    "ok",
    "on",
    "optedin",
    "optin",
    "si",
    "sí",
    "t",
    "true",
    "y",
    "yes",
];
const DECLINED: [&str; 23] = [
    "0",
    "00",
    "decline",
    "declined",
    "denied",
    "disagree",
    "donotagree",
    "donotcall",
    "f",
    "false",
    "idecline",
    "idisagree",
    "idonotagree",
    "idonotconsent",
    "idontagree",
    "n",
    "no",
    "off",
    "optedout",
    "optout",
    "refused",
    "revoked",
    "unchecked",
];

/// True for a word that affirms, false for one that declines. Where consent is required, one that declines is an error;
/// what is neither always is, for silence and unclear words give no consent.
pub(super) fn check(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let input = match input::read(raw, path, options) {
        Ok(input) => input,
        Err(done) => return done,
    };
    let word: String = input.text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    // `-1` is no `1`, and a heart is no word.
    let plain = input.text.chars().all(|c| c.is_alphanumeric() || " .,!'\u{2019}_-".contains(c));
    let signed = input.text.starts_with('-');
    if plain && !signed && GIVEN.contains(&word.as_str()) {
        return input.found(Value::Bool(true));
    }
    if plain && !signed && DECLINED.contains(&word.as_str()) {
        let declined = Problem::new(Code::ConsentDeclined, path);
        if options.required {
            return FieldOutcome::refused(declined);
        }
        let mut outcome = input.found(Value::Bool(false));
        outcome.problems.push(declined.with_severity(Severity::Info).with_action(Action::Kept));
        return outcome;
    }
    FieldOutcome::refused(
        Problem::new(Code::ConsentUnclear, path).with_shape(raw.shape()).with_expected("a word that says yes, or no"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn consent(raw: &RawValue, required: bool) -> FieldOutcome {
        check(raw, "/consent", &FieldOptions { required, ..FieldOptions::default() })
    }

    #[test]
    fn only_what_affirms_is_consent() {
        for text in ["Yes", "I agree.", "on", "1", "TRUE", "opted-in", "I consent"] {
            assert_eq!(consent(&RawValue::text(text), true).value, Some(Value::Bool(true)), "{text}");
        }
        assert_eq!(consent(&RawValue::Bool(true), true).value, Some(Value::Bool(true)));
        for text in ["maybe", "own", "I agree not", "2", "-1", "by clicking you agree"] {
            let found = consent(&RawValue::text(text), false);
            assert_eq!(found.problems.first().map(|p| p.code), Some(Code::ConsentUnclear), "{text}");
            assert!(!found.valid());
        }
    }

    #[test]
    fn what_is_declined_is_an_answer_unless_consent_is_required() {
        let free = consent(&RawValue::text("No"), false);
        assert_eq!((free.value.clone(), free.valid()), (Some(Value::Bool(false)), true));
        assert!(!consent(&RawValue::text("No"), true).valid());
        assert!(!consent(&RawValue::Null, true).valid());
        assert!(consent(&RawValue::Null, false).valid());
    }
}
