//! Values that stand in each other's field, and are put where they belong. Only where neither field could use what it
//! has and both could use what the other has: a swap that was none would be worse than two refused values.

use super::address::Parts;
use super::lead::{Came, Draft};
use crate::field::{FieldOutcome, check};
use crate::geo::zip_info;
use crate::model::{Code, Correction, RawValue, Severity, Value};
use crate::schema::{Field, Schema};

/// Phone and ZIP code. Before the address is read.
pub(super) fn phone_and_zip(schema: &Schema, address: &mut Parts<'_>, draft: &mut Draft<'_>) {
    if draft.canonical.has("phone") {
        return;
    }
    let Some(Came { value: in_phone, path: phone_path }) = draft.came("phone") else { return };
    let Some((in_zip, zip_path)) = address.zip() else { return };
    let (RawValue::Text(zip) | RawValue::Number(zip)) = in_phone else { return };
    let zip = zip.trim();
    if !is_zip(zip) || is_zip(in_zip) {
        return;
    }
    let Some((field, phone)) = look(schema, "phone", &RawValue::text(in_zip), zip_path) else { return };
    forget(draft, &[phone_path]);
    let to = phone.value.as_ref().and_then(Value::as_text).unwrap_or_default();
    draft.corrections.push(Correction::new(Code::LeadFieldsSwapped, phone_path, zip, to));
    draft.corrections.push(Correction::new(Code::LeadFieldsSwapped, zip_path, in_zip, zip));
    address.put_zip(zip);
    draft.put(field, phone);
}

/// Five digits of a ZIP code that exists, and maybe four more.
fn is_zip(text: &str) -> bool {
    let (five, more) = text.split_once('-').unwrap_or((text, "0000"));
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(five, 5) && digits(more, 4) && zip_info(five).is_some()
}

/// Phone and email.
pub(super) fn phone_and_email(schema: &Schema, draft: &mut Draft<'_>) {
    if draft.canonical.has("phone") || draft.canonical.has("email") {
        return;
    }
    let (Some(in_phone), Some(in_email)) = (draft.came("phone"), draft.came("email")) else { return };
    let phone = look(schema, "phone", in_email.value, in_email.path);
    let email = look(schema, "email", in_phone.value, in_phone.path);
    let (Some((phone_field, phone)), Some((email_field, email))) = (phone, email) else { return };
    forget(draft, &[in_phone.path, in_email.path]);
    for (came, found) in [(in_phone, &phone), (in_email, &email)] {
        let to = found.value.as_ref().and_then(Value::as_text).unwrap_or_default();
        let from = match came.value {
            RawValue::Text(text) | RawValue::Number(text) => text.as_str(),
            _ => "",
        };
        draft.corrections.push(Correction::new(Code::LeadFieldsSwapped, came.path, from, to));
    }
    draft.put(phone_field, phone);
    draft.put(email_field, email);
}

/// First and last name, where the first is only ever a last name and the last only ever a first one.
pub(super) fn first_and_last(draft: &mut Draft<'_>) {
    let text = |name: &str| draft.canonical.get(name)?.as_text();
    let (Some(first), Some(last)) = (text("first_name"), text("last_name")) else { return };
    let holds = |list: &[&str], word: &str| list.binary_search(&word.to_lowercase().as_str()).is_ok();
    if !holds(LAST_ONLY, first) || !holds(FIRST_ONLY, last) {
        return;
    }
    let (first, last) = (first.to_owned(), last.to_owned());
    // Out of a whole name they were taken in the order in which they stood there.
    let (Some(of_first), Some(of_last)) = (draft.came("first_name"), draft.came("last_name")) else { return };
    draft.corrections.push(Correction::new(Code::LeadFieldsSwapped, of_first.path, &first, &last));
    draft.corrections.push(Correction::new(Code::LeadFieldsSwapped, of_last.path, &last, &first));
    draft.canonical.insert("first_name".into(), Value::Text(last));
    draft.canonical.insert("last_name".into(), Value::Text(first));
}

/// What the field makes of a value that came in elsewhere; none where it does not take it.
fn look<'s>(schema: &'s Schema, name: &str, raw: &RawValue, path: &str) -> Option<((usize, &'s Field), FieldOutcome)> {
    let place = schema.place(name)?;
    let field = schema.fields().get(place)?;
    let found = check(field.kind, raw, path, &field.options);
    (found.valid() && found.value.is_some()).then_some(((place, field), found))
}

/// What was said of values in the wrong place.
fn forget(draft: &mut Draft<'_>, paths: &[&str]) {
    draft.problems.retain(|problem| problem.severity < Severity::Error || !paths.contains(&problem.path.as_str()));
}

/// Common last names that hardly anybody has for a first one; in the order of their bytes.
const LAST_ONLY: &[&str] = &[
    "aguilar",
    "alvarez",
    "castillo",
    "castro",
    "chavez",
    "delgado",
    "diaz",
    "edwards",
    "fernandez",
    "flores",
    "garcia",
    "gomez",
    "gonzales",
    "gonzalez",
    "gutierrez",
    "guzman",
    "hansen",
    "hernandez",
    "herrera",
    "hoffman",
    "hughes",
    "jimenez",
    "johnson",
    "jones",
    "kowalski",
    "larson",
    "lopez",
    "martinez",
    "medina",
    "mendoza",
    "moore",
    "morales",
    "munoz",
    "myers",
    "nguyen",
    "olson",
    "ortiz",
    "patel",
    "pena",
    "perez",
    "peterson",
    "phillips",
    "ramirez",
    "ramos",
    "reyes",
    "richardson",
    "rios",
    "rivera",
    "roberts",
    "robertson",
    "robinson",
    "rodriguez",
    "rogers",
    "romero",
    "ruiz",
    "salazar",
    "sanchez",
    "sandoval",
    "schmidt",
    "schneider",
    "schultz",
    "simmons",
    "simpson",
    "smith",
    "snyder",
    "soto",
    "stephens",
    "stevens",
    "thompson",
    "torres",
    "vargas",
    "vasquez",
    "watkins",
    "williams",
    "williamson",
    "wood",
    "woods",
];

/// Common first names that hardly any family has; in the order of their bytes.
const FIRST_ONLY: &[&str] = &[
    "amanda",
    "amy",
    "andrea",
    "angela",
    "barbara",
    "betty",
    "brian",
    "brittany",
    "carolyn",
    "catherine",
    "christina",
    "christine",
    "christopher",
    "cynthia",
    "danielle",
    "deborah",
    "debra",
    "diane",
    "donald",
    "donna",
    "dorothy",
    "elizabeth",
    "emily",
    "eric",
    "heather",
    "helen",
    "jacqueline",
    "janet",
    "jeffrey",
    "jennifer",
    "jessica",
    "jonathan",
    "joshua",
    "judith",
    "julie",
    "justin",
    "karen",
    "katherine",
    "kathleen",
    "kenneth",
    "kevin",
    "kimberly",
    "laura",
    "linda",
    "lisa",
    "margaret",
    "matthew",
    "megan",
    "melissa",
    "michael",
    "michelle",
    "nancy",
    "nicholas",
    "nicole",
    "pamela",
    "patricia",
    "rachel",
    "rebecca",
    "ronald",
    "samantha",
    "sandra",
    "sarah",
    "sharon",
    "stephanie",
    "steven",
    "susan",
    "theresa",
    "tiffany",
    "timothy",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_in_order_and_apart() {
        for list in [LAST_ONLY, FIRST_ONLY] {
            assert!(list.windows(2).all(|pair| pair[0] < pair[1]));
            assert!(list.iter().all(|word| word.chars().all(|c| c.is_ascii_lowercase())));
        }
        assert!(LAST_ONLY.iter().all(|name| !FIRST_ONLY.contains(name)));
        // Names that are both stay out of both.
        for name in ["taylor", "james", "joseph", "jordan", "lee", "kelly", "thomas", "martin", "scott", "jackson"] {
            assert!(!LAST_ONLY.contains(&name) && !FIRST_ONLY.contains(&name), "{name}");
        }
    }
}
