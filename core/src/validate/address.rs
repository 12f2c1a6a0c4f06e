//! The address of a lead: from its parts, wherever they were written, to components, lines and keys.

use super::lead::Draft;
use super::options::{Repairs, ValidateOptions, ZipStateConflict};
use super::policy::Treatments;
use super::raw::RawField;
use crate::address::{AddressParts, AddressPaths, CanonicalAddress, Canonicalizer};
use crate::geo::zip_info;
use crate::model::{Action, Code, Correction, Problem, RawValue, Severity, Value};
use crate::schema::Policy;
use crate::text::clean;
use std::collections::BTreeMap;

/// The fields that are parts of one address, and checked together.
const PARTS: [&str; 6] = ["address_line1", "address_line2", "city", "state", "zip", "postal_address"];

pub(super) fn is_part(name: &str) -> bool {
    PARTS.contains(&name)
}

/// The parts as they came in, by field.
#[derive(Default)]
pub(super) struct Parts(BTreeMap<&'static str, (String, String)>);

impl Parts {
    /// Takes a part; what is no text is a problem.
    pub(super) fn take(&mut self, name: &str, field: &RawField<'_>, draft: &mut Draft) {
        let Some(name) = PARTS.iter().find(|part| **part == name) else { return };
        let text = match field.value {
            RawValue::Null => return,
            RawValue::Text(text) | RawValue::Number(text) => clean(text).text,
            odd => {
                let problem = Problem::new(Code::AddressWrongType, &field.path).with_shape(odd.shape());
                return draft.problems.push(problem.with_expected("a text"));
            }
        };
        if !text.is_empty() {
            self.0.entry(name).or_insert_with(|| (text, field.path.clone()));
        }
    }

    /// The ZIP code as it came in, and where.
    pub(super) fn zip(&self) -> Option<(String, String)> {
        self.0.get("zip").cloned()
    }

    /// Puts another ZIP code in the place of the one that came in.
    pub(super) fn put_zip(&mut self, zip: &str) {
        if let Some((text, _)) = self.0.get_mut("zip") {
            zip.clone_into(text);
        }
    }

    fn text(&self, name: &str) -> Option<String> {
        self.0.get(name).map(|(text, _)| text.clone())
    }

    fn path(&self, name: &str) -> String {
        self.0.get(name).map_or_else(|| format!("/{name}"), |(_, path)| path.clone())
    }

    /// Reads the address and puts it into the draft.
    pub(super) fn settle(mut self, options: &ValidateOptions, treatments: &Treatments<'_>, draft: &mut Draft) {
        if self.0.is_empty() {
            return;
        }
        self.mend_letter_o(options, draft);
        let address = self.read();
        let mut corrections = address.corrections.clone();
        let mut problems = address.problems.clone();
        let conflict = match treatments.of(Some("zip"), Code::AddressZipStateMismatch) {
            Some(Policy::Fix) => ZipStateConflict::ZipWins,
            Some(Policy::Reject) => ZipStateConflict::Reject,
            Some(Policy::Warn | Policy::Hold) => ZipStateConflict::Warn,
            None => options.conflict,
        };
        let rules = Rules { repairs: options.repairs, conflict };
        let found = Found::of(&address, rules, &mut corrections, &mut problems, &self.path("state"));
        draft.corrections.extend(corrections);
        draft.problems.extend(problems);
        found.put(&address, draft);
    }

    fn read(&self) -> CanonicalAddress {
        let alone = self.0.keys().all(|name| *name == "postal_address");
        if let (true, Some((text, path))) = (alone, self.0.get("postal_address")) {
            return Canonicalizer::of_united_states().text(text, path);
        }
        // Parts say more than the whole line; the line stands in for a street that is missing.
        let street = self.text("address_line1").or_else(|| self.text("postal_address"));
        let whole_line = !self.0.contains_key("address_line1") && self.0.contains_key("postal_address");
        let street_name = if whole_line { "postal_address" } else { "address_line1" };
        let parts = AddressParts {
            street,
            street2: self.text("address_line2"),
            city: self.text("city"),
            state: self.text("state"),
            zip: self.text("zip"),
            country: None,
        };
        let paths = AddressPaths {
            whole: self.path(street_name),
            street: self.path(street_name),
            street2: self.path("address_line2"),
            city: self.path("city"),
            state: self.path("state"),
            zip: self.path("zip"),
            country: self.path("country"),
        };
        Canonicalizer::of_united_states().parts(&parts, &paths)
    }

    /// The letter O for a zero, when the ZIP code then exists in the state that was written (rule 81).
    fn mend_letter_o(&mut self, options: &ValidateOptions, draft: &mut Draft) {
        let state = self.text("state").unwrap_or_default().to_uppercase();
        let Some((zip, path)) = self.0.get_mut("zip").filter(|_| options.repairs.zip_letter_o) else { return };
        let mended = zip.replace(['O', 'o'], "0");
        let first = mended.get(..5).unwrap_or("");
        let exists = zip_info(first).is_some_and(|info| info.state() == state);
        if mended != *zip && exists {
            draft.corrections.push(Correction::new(Code::AddressZipLetterO, path.as_str(), zip.as_str(), &mended));
            *zip = mended;
        }
    }
}

/// What may be mended, and what counts where ZIP code and state disagree.
#[derive(Clone, Copy)]
struct Rules {
    repairs: Repairs,
    conflict: ZipStateConflict,
}

/// What criteria may ask about the place.
struct Found {
    zip: Option<String>,
    state: Option<String>,
    city: Option<String>,
}

impl Found {
    fn of(
        address: &CanonicalAddress,
        options: Rules,
        corrections: &mut Vec<Correction>,
        problems: &mut Vec<Problem>,
        state_path: &str,
    ) -> Self {
        let components = &address.components;
        // The ZIP code with its zero, where that was put back; none where it is no ZIP code.
        let restored = corrections.iter().find(|correction| correction.code == Code::AddressZipLeadingZero);
        let zip = restored.map(|correction| correction.to.clone()).or_else(|| components.zip.clone());
        let zip = zip.filter(|_| problems.iter().all(|problem| problem.code != Code::AddressZipInvalid));
        let of_zip = zip.as_deref().and_then(zip_info).map(|info| info.state().to_owned());
        let mut state = components.state.clone();
        let conflict = problems.iter_mut().find(|problem| problem.code == Code::AddressZipStateMismatch);
        match (conflict, options.conflict) {
            (None, _) => {}
            (Some(problem), ZipStateConflict::Reject) => {
                problem.severity = Severity::Error;
                problem.action = Action::Rejected;
                state = None;
            }
            (Some(problem), ZipStateConflict::ZipWins) => {
                problem.action = Action::Fixed;
                let (from, to) = (state.take().unwrap_or_default(), of_zip.clone().unwrap_or_default());
                corrections.push(Correction::new(Code::AddressStateFromZip, state_path, from, to));
                state.clone_from(&of_zip);
            }
            (Some(problem), ZipStateConflict::Warn) => {
                problem.action = Action::Dropped;
                state = None;
            }
        }
        let unclear = problems.iter().any(|problem| problem.code == Code::AddressZipStateMismatch);
        if state.is_none() && !unclear && options.repairs.state_from_zip {
            state = of_zip;
        }
        // The city as the Postal Service wants it, where the written one was mended or missing.
        let mended = corrections.iter().rev().find(|correction| is_about_city(correction.code));
        let city = mended.map(|correction| correction.to.clone()).or_else(|| components.city.clone());
        let mut found = Self { zip, state, city };
        found.undo_what_may_not_be(options, corrections, problems);
        found
    }

    /// A repair that was not allowed: the value is left out, and said to be.
    fn undo_what_may_not_be(&mut self, options: Rules, corrections: &mut Vec<Correction>, problems: &mut Vec<Problem>) {
        let refused = |code: Code| match code {
            Code::AddressZipLeadingZero => !options.repairs.zip_leading_zero,
            Code::AddressStateFromZip => {
                !options.repairs.state_from_zip && options.conflict != ZipStateConflict::ZipWins
            }
            _ => false,
        };
        for correction in corrections.iter().filter(|correction| refused(correction.code)) {
            problems.push(Problem::new(Code::LeadRepairNotAllowed, &correction.path).with_action(Action::Dropped));
            match correction.code {
                Code::AddressZipLeadingZero => self.zip = None,
                _ => self.state = None,
            }
        }
        corrections.retain(|correction| !refused(correction.code));
    }

    fn put(self, address: &CanonicalAddress, draft: &mut Draft) {
        for (name, value) in [("zip", self.zip), ("state", self.state), ("city", self.city)] {
            if let Some(value) = value {
                draft.canonical.insert(name.into(), Value::Text(value));
            }
        }
        let mut record: BTreeMap<String, Value> = components(address);
        if record.is_empty() {
            return;
        }
        let lines = address.lines.iter().map(Value::text).collect();
        record.insert("lines".into(), Value::List(lines));
        for (name, key) in [("key", &address.key), ("building_key", &address.building_key)] {
            if let Some(key) = key {
                record.insert(name.into(), Value::text(key));
            }
        }
        record.insert("confidence".into(), Value::Int(i64::from(address.confidence)));
        record.insert("needs_review".into(), Value::Bool(address.needs_review));
        draft.canonical.insert("address".into(), Value::Record(record));
    }
}

fn is_about_city(code: Code) -> bool {
    matches!(
        code,
        Code::AddressCityAlias | Code::AddressCityFromZip | Code::AddressCityStandardized | Code::AddressCityTypo
    )
}

/// The components by their names on the wire.
fn components(address: &CanonicalAddress) -> BTreeMap<String, Value> {
    let named = serde_json::to_value(&address.components).ok();
    let members = named.as_ref().and_then(serde_json::Value::as_object).into_iter().flatten();
    members.filter_map(|(name, value)| Some((name.clone(), Value::text(value.as_str()?)))).collect()
}
