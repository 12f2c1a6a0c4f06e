//! The values of a kind in a canonical lead, also those inside of lists and records.

use super::entry::Schema;
use crate::field::{FieldKind, FieldOptions};
use crate::model::Value;
use std::collections::BTreeMap;

impl Schema {
    /// Shows every text of this kind with the top field that it stands in, in the order of the fields.
    pub(crate) fn each_of<'v>(
        &self,
        kind: FieldKind,
        lead: &'v BTreeMap<String, Value>,
        see: &mut dyn FnMut(&str, &'v str),
    ) {
        for field in self.fields() {
            let may_hold = field.kind == kind || matches!(field.kind, FieldKind::List | FieldKind::Record);
            let Some(value) = lead.get(&field.name).filter(|_| may_hold) else { continue };
            each(value, (field.kind, &field.options), kind, &mut |text| see(&field.name, text));
        }
    }
}

/// As deep as the declaration goes; a value that is of another shape than declared has nothing to show.
fn each<'v>(value: &'v Value, is: (FieldKind, &FieldOptions), kind: FieldKind, see: &mut dyn FnMut(&'v str)) {
    let (of, options) = is;
    match value {
        Value::Text(text) if of == kind && !text.is_empty() => see(text),
        Value::List(items) if of == FieldKind::List => {
            for item in items {
                match &options.items {
                    Some(member) => each(item, (member.kind, &member.options), kind, see),
                    None => each(item, (FieldKind::Record, options), kind, see),
                }
            }
        }
        Value::Record(parts) if of == FieldKind::Record => {
            for member in &options.members {
                if let Some(part) = parts.get(&member.name) {
                    each(part, (member.kind, &member.options), kind, see);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Member;
    use crate::schema::{Field, Pii};

    fn field(name: &str, kind: FieldKind, options: FieldOptions) -> Field {
        Field {
            name: name.into(),
            kind,
            required: false,
            required_if: Vec::new(),
            default: None,
            pii: Pii::Direct,
            options,
            synonyms: Vec::new(),
            min: None,
            max: None,
        }
    }

    fn phone(name: &str) -> Member {
        Member::new(name, FieldKind::Phone, FieldOptions::default())
    }

    #[test]
    fn values_inside_of_lists_and_records_are_shown() {
        let mut schema = Schema::empty("own");
        let of = |items, members| FieldOptions { items, members, ..FieldOptions::default() };
        schema.put(field("phone", FieldKind::Phone, FieldOptions::default()));
        schema.put(field("others", FieldKind::List, of(Some(Box::new(phone(""))), Vec::new())));
        schema.put(field("drivers", FieldKind::List, of(None, vec![phone("cell")])));
        schema.put(field("spouse", FieldKind::Record, of(None, vec![phone("cell")])));
        schema.put(field("notes", FieldKind::Text, FieldOptions::default()));
        let record = |cell: &str| Value::Record([("cell".to_owned(), Value::text(cell))].into());
        let lead: BTreeMap<String, Value> = [
            ("phone", Value::text("+1")),
            ("others", Value::List(vec![Value::text("+2"), Value::text("")])),
            ("drivers", Value::List(vec![record("+3"), Value::text("+9")])),
            ("spouse", record("+4")),
            ("notes", Value::text("+8")),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        let mut seen = Vec::new();
        schema.each_of(FieldKind::Phone, &lead, &mut |name, text| seen.push(format!("{name} {text}")));
        assert_eq!(seen, ["phone +1", "others +2", "drivers +3", "spouse +4"]);
    }
}
