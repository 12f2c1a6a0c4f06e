//! What a canonical lead is found by: a few of its members, read without the others.

use leadwright::model::Code;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// The columns that say what became of a lead.
#[derive(Default)]
pub(super) struct Names {
    pub(super) buyer: Option<String>,
    pub(super) contract: Option<String>,
    pub(super) price: Option<String>,
}

/// The members.
#[derive(Default)]
pub(super) struct Head<'a> {
    pub(super) id: Option<Cow<'a, str>>,
    pub(super) source: Option<Cow<'a, str>>,
    pub(super) received_at: Option<Cow<'a, str>>,
    pub(super) buyer: Option<Cow<'a, str>>,
    pub(super) contract: Option<Cow<'a, str>>,
    pub(super) price: Option<Cow<'a, str>>,
}

impl<'a> Head<'a> {
    pub(super) fn read(line: &'a [u8], names: &Names) -> Result<Self, Code> {
        let mut json = serde_json::Deserializer::from_slice(line);
        let read = Members(names).deserialize(&mut json).and_then(|head| json.end().map(|()| head));
        read.map_err(|error| match error.classify() {
            serde_json::error::Category::Data => Code::JsonNotAnObject,
            _ => Code::JsonSyntax,
        })
    }
}

struct Members<'n>(&'n Names);

impl<'de> DeserializeSeed<'de> for Members<'_> {
    type Value = Head<'de>;
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Head<'de>, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Members<'_> {
    type Value = Head<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a lead")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Head<'de>, A::Error> {
        let (mut head, names) = (Head::default(), self.0);
        while let Some(Text(name)) = map.next_key()? {
            let is = |column: &Option<String>| column.as_deref() == Some(&*name);
            let slot = match &*name {
                "id" => &mut head.id,
                "source" => &mut head.source,
                "received_at" => &mut head.received_at,
                _ if is(&names.buyer) => &mut head.buyer,
                _ if is(&names.contract) => &mut head.contract,
                _ if is(&names.price) => &mut head.price,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            *slot = map.next_value::<Option<Scalar<'de>>>()?.map(|Scalar(text)| text);
        }
        Ok(head)
    }
}

/// A text that stays in the line where nothing in it is escaped.
#[derive(serde::Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// A text or a number.
struct Scalar<'a>(Cow<'a, str>);

impl<'de> serde::Deserialize<'de> for Scalar<'de> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct OfScalar;
        impl<'de> Visitor<'de> for OfScalar {
            type Value = Scalar<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a number")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Scalar<'de>, E> {
                Ok(Scalar(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Scalar<'de>, E> {
                Ok(Scalar(Cow::Owned(text.to_owned())))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Scalar<'de>, E> {
                Ok(Scalar(Cow::Owned(number.to_string())))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Scalar<'de>, E> {
                Ok(Scalar(Cow::Owned(number.to_string())))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Scalar<'de>, E> {
                Ok(Scalar(Cow::Owned(number.to_string())))
            }
        }
        json.deserialize_any(OfScalar)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<[Option<String>; 4], Code> {
        let names = Names { buyer: Some("sold to".into()), price: Some("paid".into()), ..Names::default() };
        let head = Head::read(line.as_bytes(), &names)?;
        Ok([head.id, head.source, head.buyer, head.price].map(|text| text.map(Cow::into_owned)))
    }

    #[test]
    fn members_are_found_wherever_they_stand() {
        let text = |text: &str| Some(text.to_owned());
        let line =
            r#"{"paid":42.5,"more":{"id":"no","x":[1,{"source":"no"}]},"sold to":"A\u0026B","id":7,"source":"web"}"#;
        assert_eq!(read(line), Ok([text("7"), text("web"), text("A&B"), text("42.5")]));
        assert_eq!(read(r#"{"id":null,"sold to":null}"#), Ok([None, None, None, None]));
        assert_eq!(read(r#"{"id":"\u0037"}"#).map(|head| head[0].clone()), Ok(text("7")));
        for (line, code) in [
            ("[]", Code::JsonNotAnObject),
            ("7", Code::JsonNotAnObject),
            (r#"{"id":[]}"#, Code::JsonNotAnObject),
            (r#"{"id":"7""#, Code::JsonSyntax),
            (r#"{"id":"7"} {}"#, Code::JsonSyntax),
            ("{", Code::JsonSyntax),
        ] {
            assert_eq!(read(line), Err(code), "{line}");
        }
    }
}
