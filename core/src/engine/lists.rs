//! Asking the lists of a plan. What they said goes beside the decision: with it a replay asks nobody.

use crate::lists::{ListAbout, ListOf, SuppressionList};
use crate::model::{ListRead, ListUnavailable, Timestamp, Value};
use crate::plan::Plan;
use crate::plan::list::{From, List};
use crate::schema::Schema;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The lists that the host gave, by name.
pub(super) type Given = BTreeMap<String, Arc<dyn SuppressionList>>;

/// What each list says of a lead that has a value which it could hold.
pub(super) fn ask(
    plan: &Plan,
    given: &Given,
    schema: &Schema,
    lead: &BTreeMap<String, Value>,
    now: Timestamp,
) -> BTreeMap<String, ListRead> {
    let one = |(name, list): (&String, &List)| {
        let values = list.values_of(schema, lead);
        let of_plan = match &list.from {
            From::Plan(list) => list.as_ref().map(|list| &**list as &dyn SuppressionList),
            From::Compiled(_) | From::Host => given.get(name).map(|list| &**list),
        };
        (!values.is_empty()).then(|| (name.clone(), read(list, of_plan, &values, now)))
    };
    plan.lists.iter().filter_map(one).collect()
}

/// Asks one list. Whatever is doubtful about it is no answer (rule 75).
fn read(list: &List, given: Option<&dyn SuppressionList>, values: &[String], now: Timestamp) -> ListRead {
    let no_answer = |about: Option<ListAbout>, why: ListUnavailable| {
        let (version, count) = about.map_or((None, None), |about| (Some(about.version), about.count));
        ListRead { version, count, hit: None, why: Some(why) }
    };
    let Some(given) = given else { return no_answer(None, ListUnavailable::Missing) };
    let about = given.about();
    if let Some(why) = doubt(list, &about, now) {
        return no_answer(Some(about), why);
    }
    for value in values {
        match given.holds(value) {
            Ok(false) => {}
            Ok(true) => {
                return ListRead { version: Some(about.version), count: about.count, hit: Some(true), why: None };
            }
            Err(_) => return no_answer(Some(about), ListUnavailable::Failed),
        }
    }
    ListRead { version: Some(about.version), count: about.count, hit: Some(false), why: None }
}

fn doubt(list: &List, about: &ListAbout, now: Timestamp) -> Option<ListUnavailable> {
    if about.of.is_some_and(|of| !fits(list, of)) {
        return Some(ListUnavailable::Unfit);
    }
    if about.count == Some(0) && !list.may_be_empty {
        return Some(ListUnavailable::Empty);
    }
    let most = list.max_age?;
    let fresh = about.made_at.is_some_and(|made| now.millis() - made.millis() <= most);
    (!fresh).then_some(ListUnavailable::Stale)
}

/// Whether a list holds what the plan takes it for.
pub(super) fn fits(list: &List, of: ListOf) -> bool {
    list.entries.of == of
}
