//! Verticals: an entry of the catalogue with fields of their own.

use super::super::path::escape;
use super::condition::Conditions;
use super::{Compiler, declared, text_of, texts};
use crate::field::{EnumValue, FieldKind, FieldOptions, Member as Inside, check, within};
use crate::model::{Code, Finding, Member, Node, NodeKind, RawValue, Value};
use crate::schema::{Field, Pii, Schema, plain_key};
use crate::text::did_you_mean;

impl Compiler {
    pub(super) fn verticals(&mut self, node: Option<&Node>) {
        for member in declared(node) {
            let schema = self.vertical(member);
            self.names.verticals.insert(member.key.clone(), schema);
        }
    }

    fn vertical(&mut self, member: &Member) -> Schema {
        let path = format!("/verticals/{}", escape(&member.key));
        let mut schema = match member.value.get("extends").and_then(|node| Some((node, node.as_text()?))) {
            None => Schema::empty(&member.key),
            Some((node, name)) => Schema::named(name).unwrap_or_else(|| {
                self.unknown(
                    "entry of the catalogue",
                    name,
                    node.place,
                    format!("{path}/extends"),
                    Schema::catalogue(),
                );
                Schema::empty(&member.key)
            }),
        }
        .renamed(&member.key);
        let own = member.value.get("fields");
        let fields = format!("{path}/fields");
        let (derived, plain): (Vec<&Member>, Vec<&Member>) =
            declared(own).partition(|field| field.value.get("derive").is_some());
        for field in plain {
            if let Some(field) = self.field(field, &schema, &format!("{fields}/{}", escape(&field.key))) {
                schema.put(field);
            }
        }
        self.derived(&derived, &mut schema, &fields);
        // Only now are all fields known that a condition may name.
        for member in declared(own).filter(|member| member.value.get("required_if").is_some()) {
            let path = format!("{fields}/{}", escape(&member.key));
            let found = self.required_if(&member.value, Conditions::OfLead(&schema), &member.key, &path);
            schema.set_required_if(&member.key, found);
        }
        let policies = self.policies(member.value.get("problems"), &schema, &format!("{path}/problems"));
        schema.with_policies(policies)
    }

    /// A field of its own, or one of the entry with changes.
    fn field(&mut self, member: &Member, schema: &Schema, path: &str) -> Option<Field> {
        let node = &member.value;
        let mut field = match (node.get("is"), schema.field(&member.key)) {
            (None, Some(field)) => self.changed(node, field.clone(), path),
            (None, None) => {
                let names = schema.fields().iter().map(|field| field.name.as_str());
                self.says_nothing(member, path, schema.find(&member.key).map(|field| field.name.as_str()), names);
                return None;
            }
            (Some(_), _) => {
                let Inside { name, kind, options, synonyms, min, max, .. } = self.inside(member, path)?;
                Field {
                    name,
                    kind,
                    required: options.required,
                    required_if: Vec::new(),
                    default: None,
                    pii: Pii::of(kind, &options),
                    // That a field is missing is said of the lead, where it is known under which of its names.
                    options: FieldOptions { required: false, ..options },
                    synonyms,
                    min,
                    max,
                }
            }
        };
        field.pii = text_of(node, "pii").and_then(|word| word.parse().ok()).unwrap_or(field.pii);
        if node.get("default").is_some() {
            field.default = self.default(node, &field, path);
        }
        Some(field)
    }

    /// A field of the entry: what is named is changed, and other names are added to its own.
    fn changed(&mut self, node: &Node, mut field: Field, path: &str) -> Field {
        self.options(node, field.kind, &mut field.options, path);
        let synonyms = texts(node, "synonyms").into_iter().filter_map(Node::as_text).map(plain_key);
        field.synonyms.extend(synonyms);
        for (key, bound) in [("min", &mut field.min), ("max", &mut field.max)] {
            if node.get(key).is_some() {
                *bound = self.bound(node, key, field.kind, path);
            }
        }
        if let Some(optional) = node.get("optional").and_then(Node::as_bool) {
            field.required = !optional;
            field.required_if.clear();
        }
        field.required &= node.get("required_if").is_none();
        field
    }

    fn says_nothing<'n>(
        &mut self,
        member: &Member,
        path: &str,
        meant: Option<&str>,
        names: impl Iterator<Item = &'n str>,
    ) {
        let near = meant.map(str::to_owned).or_else(|| did_you_mean(&member.key, names).map(str::to_owned));
        let message = format!("`{}` does not say what it holds", member.key);
        let finding = Finding::new(Code::PlanMissingField, member.place, path, message);
        self.find(finding.expected("`is`, or the name of a field of the entry that is extended").suggest(near));
    }

    /// A field of a lead, or one inside of a list or a record.
    fn inside(&mut self, member: &Member, path: &str) -> Option<Inside> {
        let node = &member.value;
        let mut options = FieldOptions::default();
        let Some(is) = node.get("is") else {
            self.says_nothing(member, path, None, std::iter::empty());
            return None;
        };
        let kind = self.what(is, &mut options, &format!("{path}/is"))?;
        self.options(node, kind, &mut options, path);
        let synonyms = texts(node, "synonyms").into_iter().filter_map(Node::as_text).map(plain_key).collect();
        let min = self.bound(node, "min", kind, path);
        let max = self.bound(node, "max", kind, path);
        let optional = node.get("optional").and_then(Node::as_bool).unwrap_or(false);
        options.required = !optional && node.get("required_if").is_none();
        let name = member.key.clone();
        Some(Inside { name, kind, options, synonyms, min, max, required_if: Vec::new() })
    }

    /// The kind, with the words, the items or the members that make it up.
    fn what(&mut self, is: &Node, options: &mut FieldOptions, path: &str) -> Option<FieldKind> {
        match &is.kind {
            NodeKind::Text(word) => self.kind(word, is, path),
            NodeKind::List(items) => {
                options.values = items.iter().filter_map(|item| Some(value(item.as_text()?, &[]))).collect();
                Some(FieldKind::Enum)
            }
            NodeKind::Object(_) => {
                if let Some(values) = is.get("values") {
                    options.values =
                        declared(Some(values)).map(|member| value(&member.key, member.value.items())).collect();
                    return Some(FieldKind::Enum);
                }
                if let Some(fields) = is.get("record") {
                    options.members = self.members(fields, &format!("{path}/record"));
                    return Some(FieldKind::Record);
                }
                self.list_of(is.get("list_of")?, options, &format!("{path}/list_of"))?;
                Some(FieldKind::List)
            }
            _ => None,
        }
    }

    fn list_of(&mut self, of: &Node, options: &mut FieldOptions, path: &str) -> Option<()> {
        if let NodeKind::Object(_) = of.kind {
            options.members = self.members(of, path);
            return Some(());
        }
        let mut told = FieldOptions::default();
        let kind = self.what(of, &mut told, path)?;
        options.items = Some(Box::new(Inside::new("", kind, told)));
        Some(())
    }

    fn members(&mut self, fields: &Node, path: &str) -> Vec<Inside> {
        let place = |member: &Member| format!("{path}/{}", escape(&member.key));
        let mut members: Vec<Inside> =
            declared(Some(fields)).filter_map(|member| self.inside(member, &place(member))).collect();
        let of_record = members.clone();
        for declared in declared(Some(fields)) {
            for key in ["default", "derive", "pii"] {
                if let Some(node) = declared.value.get(key) {
                    let message = format!("`{key}` is for fields of the lead, and not for those inside of one");
                    let path = format!("{}/{key}", place(declared));
                    self.find(Finding::new(Code::PlanWrongType, node.place, path, message).expected("it one level up"));
                }
            }
            let conditions = Conditions::OfRecord(&of_record);
            let found = self.required_if(&declared.value, conditions, &declared.key, &place(declared));
            if let Some(member) = members.iter_mut().find(|member| member.name == declared.key) {
                member.required_if = found;
            }
        }
        members
    }

    fn kind(&mut self, word: &str, node: &Node, path: &str) -> Option<FieldKind> {
        let structured = |kind: &FieldKind| matches!(kind, FieldKind::Enum | FieldKind::List | FieldKind::Record);
        let known = match word {
            "int" => Some(FieldKind::Integer),
            "bool" => Some(FieldKind::Boolean),
            word => word.parse().ok().filter(|kind| !structured(kind)),
        };
        if known.is_none() {
            let kinds = FieldKind::ALL.iter().filter(|kind| !structured(kind));
            let words: Vec<&str> = kinds.map(|kind| kind.as_str()).collect();
            let near = did_you_mean(word, words.iter().copied());
            let message = format!("there is no kind of field `{word}`");
            let finding = Finding::new(Code::PlanUnknownWord, node.place, path, message);
            let more = r#"or a list of values, or { "list_of": … } or { "record": … }"#;
            self.find(finding.expected(format!("one of {}, {more}", words.join(", "))).suggest(near));
        }
        known
    }

    /// What else the check is told. A key that the kind does not look at would be passed over in silence.
    fn options(&mut self, node: &Node, kind: FieldKind, options: &mut FieldOptions, path: &str) {
        use FieldKind::{Date, List, Phone, State, Text, Timestamp, Zip};
        let takers: [(&str, &[FieldKind]); 7] = [
            ("min_age", &[Date]),
            ("max_age", &[Date]),
            ("max_length", &[List, Text]),
            ("past", &[Date, Timestamp]),
            ("day_first", &[Date, Timestamp]),
            ("region", &[Phone, State, Zip]),
            ("zone", &[Timestamp]),
        ];
        for (key, kinds) in takers {
            let Some(value) = node.get(key).filter(|_| !kinds.contains(&kind)) else { continue };
            let message = format!("`{key}` does not fit a field of the kind {}", kind.as_str());
            let names: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
            let finding = Finding::new(Code::PlanWrongType, value.place, format!("{path}/{key}"), message);
            self.find(finding.expected(format!("it in a field of the kind {}", names.join(", "))));
        }
        let number = |key: &str| node.get(key).and_then(Node::as_int);
        let age = |key: &str| number(key).and_then(|age| u32::try_from(age).ok());
        let flag = |key: &str| node.get(key).and_then(Node::as_bool);
        options.min_age = age("min_age").or(options.min_age);
        options.max_age = age("max_age").or(options.max_age);
        // Only of somebody who was born an age is asked.
        options.birth |= options.min_age.is_some() || options.max_age.is_some();
        let length = number("max_length").and_then(|length| usize::try_from(length).ok());
        options.max_length = length.or(options.max_length);
        options.past = flag("past").unwrap_or(options.past);
        options.day_first = flag("day_first").unwrap_or(options.day_first);
        options.region = text_of(node, "region").map(str::to_owned).or(options.region.take());
        options.zone = text_of(node, "zone").map(str::to_owned).or(options.zone.take());
        if let (Some(least), Some(most)) = (options.min_age, options.max_age) {
            self.crossed(least > most, node, "max_age", path);
        }
    }

    /// Bounds that no value can meet.
    fn crossed(&mut self, are: bool, node: &Node, key: &str, path: &str) {
        if let Some(bound) = node.get(key).filter(|_| are) {
            let message = format!("`{key}` is below `{}`", key.replace("max", "min"));
            let finding = Finding::new(Code::PlanWrongType, bound.place, format!("{path}/{key}"), message);
            self.find(finding.expected("the greater of the two"));
        }
    }

    /// The least or the greatest value of a number, an amount, a date or a time.
    fn bound(&mut self, node: &Node, key: &str, kind: FieldKind, path: &str) -> Option<Value> {
        let bound = node.get(key)?;
        let (value, expected) = match kind {
            FieldKind::Integer | FieldKind::CreditScore | FieldKind::VehicleYear => {
                (bound.as_int().map(Value::Int), "a whole number")
            }
            FieldKind::Money => {
                (bound.as_text().and_then(|text| text.parse().ok()).map(Value::Money), "an amount, like \"85.00\"")
            }
            FieldKind::Date => {
                (bound.as_text().and_then(|text| text.parse().ok()).map(Value::Date), "a date, like \"2026-11-26\"")
            }
            FieldKind::Timestamp => (
                bound.as_text().and_then(|text| text.parse().ok()).map(Value::Time),
                "a time, like \"2026-11-26T00:00:00Z\"",
            ),
            _ => (None, "no bound: only numbers, amounts, dates and times have one"),
        };
        if value.is_none() {
            let message = format!("`{key}` does not fit a field of the kind {}", kind.as_str());
            let finding = Finding::new(Code::PlanWrongType, bound.place, format!("{path}/{key}"), message);
            self.find(finding.expected(expected));
        }
        value
    }

    /// The value of a lead that has none: as a supplier would write it, and as good as one of a supplier.
    fn default(&mut self, node: &Node, field: &Field, path: &str) -> Option<Value> {
        let default = node.get("default")?;
        let raw = match &default.kind {
            NodeKind::Text(text) => RawValue::text(text),
            NodeKind::Number(text) => RawValue::Number(text.clone()),
            NodeKind::Bool(yes) => RawValue::Bool(*yes),
            _ => return None,
        };
        let options = FieldOptions { required: true, ..field.options.clone() };
        let found = within((&field.min, &field.max), &raw, "", check(field.kind, &raw, "", &options));
        if found.valid() && found.value.is_some() {
            return found.value;
        }
        let problem = found.problems.first();
        let message =
            format!("`default` of `{}` would be refused: {}", field.name, problem.map_or("", |p| p.code.text()));
        let finding = Finding::new(Code::PlanWrongType, default.place, format!("{path}/default"), message);
        let expected = problem.and_then(|problem| problem.expected.clone());
        let expected = expected.unwrap_or_else(|| format!("a value of the kind {}", field.kind.as_str()));
        self.find(finding.expected(expected).suggest(problem.and_then(|problem| problem.suggestion.clone())));
        None
    }
}

fn value(id: &str, synonyms: &[Node]) -> EnumValue {
    let synonyms = synonyms.iter().filter_map(Node::as_text).map(str::to_owned).collect();
    EnumValue { id: id.to_owned(), synonyms }
}
