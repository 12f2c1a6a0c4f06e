//! What of a field is compared: the value itself, or something reckoned from it.

use super::criteria::age;
use super::values::five_digits_of;
use crate::geo::zip_info;
use crate::model::{Date, Value};
pub(crate) use crate::schema::path::Path;
use std::borrow::Cow;
use std::sync::Arc;

/// What a test looks at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Look {
    /// The value itself.
    Itself,
    /// The years since a date.
    Age,
    /// A ZIP code of which it is known where it lies, or that is one of these (sorted). Nothing for any other: a lead from
    /// there is neither in an area nor outside of it (rule 82).
    Place(Arc<[u32]>),
    /// Something inside of a list or a record.
    Inside(Path),
}

impl Look {
    /// What is compared, of the value that a lead has; nothing where it is of several items at once.
    pub(crate) fn find<'v>(&self, value: &'v Value, today: Date) -> Option<Cow<'v, Value>> {
        match (self, value) {
            (Look::Itself, value) => Some(Cow::Borrowed(value)),
            (Look::Age, Value::Date(born)) => Some(Cow::Owned(age(*born, today))),
            (Look::Place(also), Value::Text(zip)) => is_placed(zip, also).then_some(Cow::Borrowed(value)),
            (Look::Inside(path), value) => path.find(value, today),
            (Look::Age | Look::Place(_), _) => None,
        }
    }

    /// Whether leads can be put into classes by it beforehand, so that an index knows them by their class.
    pub(crate) fn has_classes(&self) -> bool {
        match self {
            Look::Itself | Look::Age => true,
            // Those that name codes of their own are few, and a table of all ZIP codes is large.
            Look::Place(also) => also.is_empty(),
            Look::Inside(path) => path.is_single(),
        }
    }
}

fn is_placed(zip: &str, also: &[u32]) -> bool {
    let named = || five_digits_of(zip).is_some_and(|number| also.binary_search(&number).is_ok());
    zip_info(zip).is_some_and(|info| info.middle().is_some()) || named()
}
