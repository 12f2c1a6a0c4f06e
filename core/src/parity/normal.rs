//! Values in a form in which what the rules do not look at is gone: ignored places, the order of what has none, how a
//! number or an amount is written.

use super::decimal::Decimal;
use super::rules::{Rules, any};
use crate::model::{RawMap, RawValue, write_raw};

/// The value without what the rules leave out, keys in the order of their bytes.
pub(super) fn normal(value: &RawValue, rules: &Rules) -> RawValue {
    at(value, rules, &mut Vec::new())
}

fn at(value: &RawValue, rules: &Rules, path: &mut Vec<String>) -> RawValue {
    match value {
        RawValue::Null | RawValue::Bool(_) => value.clone(),
        RawValue::Number(text) | RawValue::Text(text) if any(&rules.money, path) => {
            Decimal::amount(text).map_or_else(|| value.clone(), |amount| RawValue::Number(amount.text()))
        }
        RawValue::Text(_) => value.clone(),
        RawValue::Number(text) => RawValue::Number(Decimal::read(text).map_or_else(|| text.clone(), Decimal::text)),
        RawValue::List(items) => {
            let items = items.iter().enumerate();
            let mut items: Vec<RawValue> =
                items.filter_map(|(place, item)| inside(item, rules, path, place.to_string())).collect();
            if any(&rules.unordered, path) {
                items.sort_by_cached_key(write_raw);
            }
            RawValue::List(items)
        }
        RawValue::Object(RawMap(members)) => {
            let mut kept: Vec<(String, RawValue)> = Vec::with_capacity(members.len());
            for (name, member) in members {
                kept.extend(inside(member, rules, path, name.clone()).map(|member| (name.clone(), member)));
            }
            kept.sort_by(|a, b| a.0.cmp(&b.0));
            // Of a name that is there twice the first counts: the order of equal ones was kept.
            kept.dedup_by(|later, first| later.0 == first.0);
            RawValue::Object(RawMap(kept))
        }
    }
}

fn inside(value: &RawValue, rules: &Rules, path: &mut Vec<String>, step: String) -> Option<RawValue> {
    path.push(step);
    let value = (!any(&rules.ignore, path)).then(|| at(value, rules, path));
    path.pop();
    value
}

/// A path as a pointer.
pub(super) fn pointer(path: &[String]) -> String {
    path.iter().map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1"))).collect()
}
