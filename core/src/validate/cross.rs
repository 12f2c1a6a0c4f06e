//! What only shows when fields are looked at together.

use super::lead::Draft;
use crate::field::{FieldKind, FieldOutcome, check};
use crate::model::{Code, Correction, RawValue, Severity, Value};
use crate::schema::Schema;

/// Phone and email, each in the field of the other.
pub(super) fn unswap(schema: &Schema, draft: &mut Draft) {
    let places = ["phone", "email"].map(|name| draft.raw.get(name).cloned());
    let [Some((in_phone, phone_path)), Some((in_email, email_path))] = places else { return };
    if draft.canonical.contains_key("phone") || draft.canonical.contains_key("email") {
        return;
    }
    let look = |name: &str, raw: &RawValue, path: &str| -> Option<FieldOutcome> {
        let field = schema.field(name)?;
        Some(check(field.kind, raw, path, &field.options)).filter(|found| found.valid() && found.value.is_some())
    };
    let phone = look("phone", &in_email, &email_path);
    let email = look("email", &in_phone, &phone_path);
    let (Some(phone), Some(email)) = (phone, email) else { return };
    draft.problems.retain(|problem| {
        problem.severity < Severity::Error || problem.path != phone_path && problem.path != email_path
    });
    for (path, raw, found) in [(&phone_path, &in_phone, &phone), (&email_path, &in_email, &email)] {
        let to = found.value.as_ref().and_then(Value::as_text).unwrap_or_default();
        let from = match raw {
            RawValue::Text(text) | RawValue::Number(text) => text.as_str(),
            _ => "",
        };
        draft.corrections.push(Correction::new(Code::LeadFieldsSwapped, path, from, to));
    }
    draft.put("phone", FieldKind::Phone, phone);
    draft.put("email", FieldKind::Email, email);
}

/// First and last name out of the whole one, where they were not given.
pub(super) fn split_name(parts: Option<(String, FieldOutcome)>, draft: &mut Draft) {
    let Some((path, name)) = parts else { return };
    for (field, part) in [("first_name", "first"), ("last_name", "last")] {
        let Some(Value::Text(found)) = name.parts.get(part) else { continue };
        if draft.canonical.contains_key(field) {
            continue;
        }
        let from = match draft.raw.get("full_name") {
            Some((RawValue::Text(text), _)) => text.as_str(),
            _ => "",
        };
        draft.corrections.push(Correction::new(Code::LeadNameSplit, &path, from, found));
        draft.canonical.insert(field.into(), Value::text(found));
    }
}
