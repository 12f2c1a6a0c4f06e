//! Fields that are reckoned from others.

use super::lead::Draft;
use crate::field::AreaCode;
use crate::geo::state_of_zip;
use crate::model::{Date, Value};
use crate::schema::Schema;
use crate::schema::derived::{Derived, Reckoning};

/// Puts in what can be reckoned. What a lead says under such a name was kept as unknown: nobody could tell the two apart.
pub(super) fn derive(schema: &Schema, today: Option<Date>, draft: &mut Draft<'_>) {
    for derived in schema.derived() {
        let value = draft.canonical.get(&derived.field).and_then(|value| reckoned(derived, value, today));
        if let Some(value) = value {
            draft.canonical.insert(derived.name.clone(), value);
        }
    }
}

fn reckoned(derived: &Derived, value: &Value, today: Option<Date>) -> Option<Value> {
    let found = derived.of(value, today)?;
    match derived.how {
        Reckoning::StateOfZip => state_of_zip(found.as_text()?).map(Value::text),
        Reckoning::StateOfPhone => {
            let code = AreaCode::find(found.as_text()?.strip_prefix("+1")?.get(..3)?)?;
            let mut states = code.states();
            // One for two states says of neither that it is it.
            states.next().filter(|_| states.next().is_none()).map(Value::text)
        }
        _ => Some(found.into_owned()),
    }
}
