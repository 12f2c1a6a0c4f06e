//! JSON Schemas of the wire types that are written by hand: the codes of each kind, and canonical values.

use super::code::{Code, CodeKind};
use super::value::{Date, Value};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

macro_rules! codes {
    ($($(#[doc = $says:literal])* $name:ident: $kind:ident;)*) => {$(
        $(#[doc = $says])*
        pub(crate) struct $name;

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                let codes = Code::all().iter().filter(|code| code.kind() == CodeKind::$kind);
                let codes: Vec<&str> = codes.map(|code| code.as_str()).collect();
                json_schema!({ "type": "string", "enum": codes, "description": concat!($($says),*).trim() })
            }
        }
    )*};
}

// A member has one kind of code, and its schema says which.
codes! {
    /// What can be wrong with a lead. A later version may have more.
    ProblemCode: Problem;
    /// What can be changed about a value. A later version may have more.
    CorrectionCode: Correction;
    /// Why a contract did or did not get a lead. A later version may have more.
    ReasonCode: Reason;
    /// What can be said about a plan. A later version may have more.
    PlanCode: Plan;
}

impl JsonSchema for Date {
    fn schema_name() -> Cow<'static, str> {
        "CivilDate".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "description": "A calendar date, `YYYY-MM-DD`.", "type": "string", "format": "date" })
    }
}

impl JsonSchema for Value {
    fn schema_name() -> Cow<'static, str> {
        "Value".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<Self>();
        json_schema!({
            "description": "A canonical value: money, dates and times are texts, numbers are whole.",
            "anyOf": [
                { "type": "boolean" },
                { "type": "integer", "minimum": -9_007_199_254_740_991_i64, "maximum": 9_007_199_254_740_991_i64 },
                { "type": "string" },
                { "type": "array", "items": value },
                { "type": "object", "additionalProperties": value },
            ],
        })
    }
}
