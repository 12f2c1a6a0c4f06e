//! Sets of classes, as runs of neighbours.

/// A set of classes: half-open runs, sorted, with a gap between any two.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Runs(Vec<(u32, u32)>);

impl Runs {
    /// The classes from `start` up to, but without, `end`.
    pub(crate) fn span(start: u32, end: u32) -> Self {
        Self(if start < end { vec![(start, end)] } else { Vec::new() })
    }

    /// Single classes, in any order.
    pub(crate) fn of(mut classes: Vec<u32>) -> Self {
        classes.sort_unstable();
        let mut runs: Vec<(u32, u32)> = Vec::with_capacity(classes.len());
        for class in classes {
            match runs.last_mut() {
                Some((_, end)) if *end > class => {}
                Some((_, end)) if *end == class => *end += 1,
                _ => runs.push((class, class + 1)),
            }
        }
        Self(runs)
    }

    /// All other classes of `count`.
    pub(crate) fn not(&self, count: u32) -> Self {
        let mut others = Vec::with_capacity(self.0.len() + 1);
        let mut next = 0;
        for (start, end) in &self.0 {
            if next < *start {
                others.push((next, *start));
            }
            next = *end;
        }
        if next < count {
            others.push((next, count));
        }
        Self(others)
    }

    /// The classes of both.
    pub(crate) fn and(&self, other: &Self) -> Self {
        let mut both = Vec::new();
        let (mut left, mut right) = (self.0.iter().peekable(), other.0.iter().peekable());
        while let (Some((a, b)), Some((c, d))) = (left.peek().copied(), right.peek().copied()) {
            if a.max(c) < b.min(d) {
                both.push((*a.max(c), *b.min(d)));
            }
            if b < d {
                left.next()
            } else {
                right.next()
            };
        }
        Self(both)
    }

    /// The classes of either, of `count`.
    pub(crate) fn or(&self, other: &Self, count: u32) -> Self {
        self.not(count).and(&other.not(count)).not(count)
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a class is one of them.
    pub(crate) fn contains(&self, class: u32) -> bool {
        let place = self.0.partition_point(|(_, end)| *end <= class);
        self.0.get(place).is_some_and(|(start, _)| *start <= class)
    }

    /// How many classes.
    pub(crate) fn len(&self) -> u32 {
        self.0.iter().map(|(start, end)| end - start).sum()
    }

    /// Every class, in order.
    pub(crate) fn classes(&self) -> impl Iterator<Item = u32> {
        self.0.iter().flat_map(|(start, end)| *start..*end)
    }

    pub(crate) fn as_slice(&self) -> &[(u32, u32)] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn runs_are_sets(a in prop::collection::vec(0..40u32, 0..30), b in prop::collection::vec(0..40u32, 0..30)) {
            let (left, right): (BTreeSet<u32>, BTreeSet<u32>) = (a.iter().copied().collect(), b.iter().copied().collect());
            let (a, b) = (Runs::of(a), Runs::of(b));
            prop_assert_eq!(usize::try_from(a.len()).unwrap(), left.len());
            prop_assert_eq!(a.and(&b).classes().collect::<BTreeSet<_>>(), &left & &right);
            prop_assert_eq!(a.or(&b, 40).classes().collect::<BTreeSet<_>>(), &left | &right);
            prop_assert!((0..40).all(|class| a.contains(class) == left.contains(&class)));
            prop_assert_eq!(a.not(40).classes().collect::<BTreeSet<_>>(), &(0..40).collect::<BTreeSet<_>>() - &left);
            prop_assert_eq!(a.classes().collect::<BTreeSet<_>>(), left);
            prop_assert_eq!(&a.not(40).not(40), &a);
            prop_assert!(a.as_slice().windows(2).all(|pair| pair[0].1 < pair[1].0), "runs that touch are one");
        }
    }
}
