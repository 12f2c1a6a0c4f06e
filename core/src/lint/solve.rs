//! A lead that is like this and like that, or the proof that there is none.

use super::form::Form;
use super::space::{Set, Space};

/// More steps are not taken: nothing is said then.
const STEPS: usize = 20_000;

/// What a search came to.
#[derive(Debug)]
pub(super) enum Found {
    /// What such a lead may be like, in every respect.
    Some(Vec<Set>),
    /// There is none.
    None,
    /// The search was too long.
    Unsure,
}

/// Looks for what meets all forms at once.
pub(super) fn solve(space: &Space<'_>, forms: &[&Form]) -> Found {
    let mut search = Search { space, steps: 0 };
    match search.go(space.all(), forms.to_vec(), Vec::new()) {
        Some(found) => Found::Some(found),
        None if search.steps >= STEPS => Found::Unsure,
        None => Found::None,
    }
}

/// Whether nothing meets all forms at once, for certain.
pub(super) fn is_impossible(space: &Space<'_>, forms: &[&Form]) -> bool {
    matches!(solve(space, forms), Found::None)
}

struct Search<'s, 'a> {
    space: &'s Space<'a>,
    steps: usize,
}

impl Search<'_, '_> {
    /// `left` is what is possible so far, `todo` what has to hold, `choices` what has to hold in one of several ways.
    fn go<'f>(
        &mut self,
        mut left: Vec<Set>,
        mut todo: Vec<&'f Form>,
        mut choices: Vec<&'f [Form]>,
    ) -> Option<Vec<Set>> {
        self.steps += 1;
        if self.steps >= STEPS {
            return None;
        }
        while let Some(form) = todo.pop() {
            match form {
                Form::Is(number, set) => {
                    let place = left.get_mut(*number)?;
                    *place = place.and(set);
                    if place.is_empty() {
                        return None;
                    }
                }
                Form::And(all) => todo.extend(all.iter().rev()),
                Form::Or(any) => choices.push(any),
                Form::Maybe => {}
            }
        }
        // The choice with the fewest ways that are still open.
        let open = |way: &&Form, left: &[Set]| match way {
            Form::Is(number, set) => left.get(*number).is_some_and(|place| !place.and(set).is_empty()),
            _ => true,
        };
        let ways = |any: &&[Form]| any.iter().filter(|way| open(way, &left)).count();
        let Some((place, any)) = choices.iter().enumerate().min_by_key(|(_, any)| ways(any)).map(|(n, any)| (n, *any))
        else {
            return self.space.zip_and_state(&left).map(|_| left);
        };
        choices.remove(place);
        for way in any.iter().filter(|way| open(way, &left)) {
            if let Some(found) = self.go(left.clone(), vec![way], choices.clone()) {
                return Some(found);
            }
        }
        None
    }
}
