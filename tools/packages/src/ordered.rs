//! An object of JSON whose members stay in their order: in a package.json the order of `exports` has a meaning.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use std::fmt;

/// The members, each with its text as it was written.
#[derive(Clone, Debug)]
pub struct Ordered(Vec<(String, Box<RawValue>)>);

impl Ordered {
    /// Reads one.
    pub fn of(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    /// A member.
    pub fn get(&self, name: &str) -> Option<Value> {
        let (_, raw) = self.0.iter().find(|(each, _)| each == name)?;
        serde_json::from_str(raw.get()).ok()
    }

    /// Puts a member in the place of the one of that name, or behind all.
    pub fn put(&mut self, name: &str, value: &Value) -> Result<(), String> {
        let text = serde_json::to_string_pretty(value).map_err(|error| error.to_string())?;
        // It stands one step further in than by itself.
        let raw = RawValue::from_string(text.replace('\n', "\n  ")).map_err(|error| error.to_string())?;
        match self.0.iter_mut().find(|(each, _)| each == name) {
            Some((_, old)) => *old = raw,
            None => self.0.push((name.to_owned(), raw)),
        }
        Ok(())
    }

    /// Takes a member out.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(each, _)| each != name);
    }

    /// The text, as npm would write it.
    pub fn text(&self) -> String {
        let members: Vec<String> =
            self.0.iter().map(|(name, raw)| format!("  {}: {}", Value::from(name.as_str()), raw.get())).collect();
        format!("{{\n{}\n}}\n", members.join(",\n"))
    }
}

impl<'de> Deserialize<'de> for Ordered {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Ordered;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Ordered, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Ordered(members))
            }
        }
        from.deserialize_map(Members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_order_and_their_text() {
        let mut object =
            Ordered::of("{\n  \"z\": {\n    \"b\": 1,\n    \"a\": 2\n  },\n  \"a\": 1\n}\n").expect("an object");
        object.put("a", &serde_json::json!(["x"])).expect("a value");
        object.put("n", &serde_json::json!({})).expect("a value");
        object.remove("m");
        assert_eq!(
            object.text(),
            "{\n  \"z\": {\n    \"b\": 1,\n    \"a\": 2\n  },\n  \"a\": [\n    \"x\"\n  ],\n  \"n\": {}\n}\n"
        );
        assert_eq!(object.get("z"), Some(serde_json::json!({ "a": 2, "b": 1 })));
    }
}
