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

/// The fields that are parts of one address, and checked together.
const PARTS: [&str; 6] = ["address_line1", "address_line2", "city", "state", "zip", "postal_address"];

pub(super) fn is_part(name: &str) -> bool {
    PARTS.contains(&name)
}

/// The parts as they came in, in the order of [`PARTS`], and where each stood.
#[derive(Default)]
pub(super) struct Parts<'a>([Option<(String, &'a str)>; PARTS.len()]);

impl<'a> Parts<'a> {
    /// Takes a part; what is no text is a problem.
    pub(super) fn take(&mut self, name: &str, field: &RawField<'a>, draft: &mut Draft<'_>) {
        let Some(slot) = self.slot(name) else { return };
        let text = match field.value {
            RawValue::Null => return,
            RawValue::Text(text) | RawValue::Number(text) => clean(text).text,
            odd => {
                let problem = Problem::new(Code::AddressWrongType, field.path).with_shape(odd.shape());
                return draft.problems.push(problem.with_expected("a text"));
            }
        };
        if !text.is_empty() {
            slot.get_or_insert((text, field.path));
        }
    }

    fn slot(&mut self, name: &str) -> Option<&mut Option<(String, &'a str)>> {
        self.0.get_mut(PARTS.iter().position(|part| *part == name)?)
    }

    fn get(&self, name: &str) -> Option<(&str, &'a str)> {
        let slot = self.0.get(PARTS.iter().position(|part| *part == name)?)?;
        slot.as_ref().map(|(text, path)| (text.as_str(), *path))
    }

    /// The ZIP code as it came in, and where.
    pub(super) fn zip(&self) -> Option<(&str, &'a str)> {
        self.get("zip")
    }

    /// Puts another ZIP code in the place of the one that came in.
    pub(super) fn put_zip(&mut self, zip: &str) {
        if let Some(Some((text, _))) = self.slot("zip") {
            zip.clone_into(text);
        }
    }

    /// The text of a part, which is not asked for again.
    fn take_text(&mut self, name: &str) -> Option<String> {
        self.slot(name)?.as_mut().map(|(text, _)| std::mem::take(text))
    }

    fn path(&self, name: &str) -> String {
        self.get(name).map_or_else(|| ["/", name].concat(), |(_, path)| path.to_owned())
    }

    /// Reads the address and puts it into the draft.
    pub(super) fn settle(mut self, options: &ValidateOptions, treatments: &Treatments<'_>, draft: &mut Draft<'_>) {
        if self.0.iter().all(Option::is_none) {
            return;
        }
        self.mend_letter_o(options, draft);
        let mut address = self.read();
        let mut corrections = std::mem::take(&mut address.corrections);
        let mut problems = std::mem::take(&mut address.problems);
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
        found.put(address, draft);
    }

    fn read(&mut self) -> CanonicalAddress {
        let alone = self.0.iter().zip(PARTS).all(|(part, name)| part.is_none() || name == "postal_address");
        if let (true, Some((text, path))) = (alone, self.get("postal_address")) {
            return Canonicalizer::of_united_states().text(text, path);
        }
        // Parts say more than the whole line; the line stands in for a street that is missing.
        let whole_line = self.get("address_line1").is_none() && self.get("postal_address").is_some();
        let street_name = if whole_line { "postal_address" } else { "address_line1" };
        let parts = AddressParts {
            street: self.take_text(street_name),
            street2: self.take_text("address_line2"),
            city: self.take_text("city"),
            state: self.take_text("state"),
            zip: self.take_text("zip"),
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
    fn mend_letter_o(&mut self, options: &ValidateOptions, draft: &mut Draft<'_>) {
        if !options.repairs.zip_letter_o || !self.zip().is_some_and(|(zip, _)| zip.contains(['O', 'o'])) {
            return;
        }
        let state = self.get("state").map_or("", |(state, _)| state).to_uppercase();
        let Some(Some((zip, path))) = self.slot("zip") else { return };
        let mended = zip.replace(['O', 'o'], "0");
        let first = mended.get(..5).unwrap_or("");
        let exists = zip_info(first).is_some_and(|info| info.state() == state);
        if exists {
            draft.corrections.push(Correction::new(Code::AddressZipLetterO, *path, zip.as_str(), &mended));
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

    fn put(self, mut address: CanonicalAddress, draft: &mut Draft<'_>) {
        for (name, value) in [("zip", self.zip), ("state", self.state), ("city", self.city)] {
            if let Some(value) = value {
                draft.canonical.insert(name.into(), Value::Text(value));
            }
        }
        let parts = address.components.parts();
        let mut record: Vec<(String, Value)> = parts.map(|(name, part)| (name.to_owned(), Value::text(part))).collect();
        if record.is_empty() {
            return;
        }
        let lines = std::mem::take(&mut address.lines).into_iter().map(Value::Text).collect();
        record.push(("lines".into(), Value::List(lines)));
        for (name, key) in [("key", address.key), ("building_key", address.building_key)] {
            if let Some(key) = key {
                record.push((name.into(), Value::Text(key)));
            }
        }
        record.push(("confidence".into(), Value::Int(i64::from(address.confidence))));
        record.push(("needs_review".into(), Value::Bool(address.needs_review)));
        draft.canonical.insert("address".into(), Value::Record(record.into_iter().collect()));
    }
}

fn is_about_city(code: Code) -> bool {
    matches!(
        code,
        Code::AddressCityAlias | Code::AddressCityFromZip | Code::AddressCityStandardized | Code::AddressCityTypo
    )
}
