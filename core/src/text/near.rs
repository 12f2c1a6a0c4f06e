//! The name somebody probably meant.

/// Longer words are not compared: nobody mistypes a paragraph.
const LONGEST: usize = 64;

/// The candidate nearest to a word, if it is near enough to have been meant: at most a third of its letters, and one
/// of a very short word, are wrong, missing, extra or exchanged with their neighbour. Capitals make no difference.
/// Of two that are as near the first by its bytes.
///
/// The time is bounded for any word: at most 64 × 64 steps for each candidate.
///
/// ```
/// use leadwright::text::did_you_mean;
/// assert_eq!(did_you_mean("wieghted", ["price", "weighted"]), Some("weighted"));
/// assert_eq!(did_you_mean("auction", ["price", "weighted"]), None);
/// ```
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest(word, candidates).map(|near| near.name)
}

/// The nearest candidate, and whether no other one is as near.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Near<'a> {
    pub(crate) name: &'a str,
    pub(crate) alone: bool,
}

/// The same as [`did_you_mean`], for those who would act upon it.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<Near<'a>> {
    if word.is_empty() || word.len() > LONGEST {
        return None;
    }
    let mut desk = Desk::default();
    fold(word, &mut desk.word);
    desk.counts = counted(desk.word.iter().map(|letter| u32::from(*letter)), [0; 32], 1);
    let mut best: Option<(usize, Near<'a>)> = None;
    for name in candidates {
        let Some(steps) = desk.near(name) else { continue };
        best = match best {
            Some((least, near)) if (least, near.name) <= (steps, name) => {
                let alone = near.alone && (least < steps || near.name == name);
                Some((least, Near { alone, ..near }))
            }
            Some((least, _)) => Some((steps, Near { name, alone: steps < least })),
            None => Some((steps, Near { name, alone: true })),
        };
    }
    best.map(|(_, near)| near)
}

fn counted(letters: impl Iterator<Item = u32>, mut counts: [i16; 32], by: i16) -> [i16; 32] {
    for letter in letters {
        if let Some(count) = usize::try_from(letter % 32).ok().and_then(|at| counts.get_mut(at)) {
            *count += by;
        }
    }
    counts
}

/// A bound that is cheap: a letter that the other word does not have takes a step, and an exchange needs none.
fn least(counts: [i16; 32]) -> usize {
    let sum = |sign: i16| counts.iter().map(|count| (count * sign).max(0)).sum::<i16>();
    usize::try_from(sum(1).max(sum(-1))).unwrap_or(0)
}

fn fold(word: &str, into: &mut Vec<char>) {
    into.clear();
    if word.is_ascii() {
        return into.extend(word.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
    }
    into.extend(word.chars().flat_map(char::to_lowercase));
}

/// The memory of a search, the same for all candidates.
#[derive(Default)]
struct Desk {
    word: Vec<char>,
    /// How often each kind of letter stands in the word.
    counts: [i16; 32],
    other: Vec<char>,
    before_last: Vec<usize>,
    last: Vec<usize>,
    row: Vec<usize>,
}

impl Desk {
    /// How many steps a candidate is away, where it is near enough.
    fn near(&mut self, candidate: &str) -> Option<usize> {
        if candidate.is_empty() || candidate.len() > LONGEST {
            return None;
        }
        let most_of = |letters: usize| (letters / 3).max(1);
        let (short, long) = (self.word.len().min(candidate.len()), self.word.len().max(candidate.len()));
        let ascii = candidate.is_ascii();
        if ascii && (long - short > most_of(long) || least(self.after_ascii(candidate)) > most_of(long)) {
            return None;
        }
        fold(candidate, &mut self.other);
        let most = most_of(self.word.len().max(self.other.len()));
        let letters = self.other.iter().map(|letter| u32::from(*letter));
        if !ascii && least(counted(letters, self.counts, -1)) > most {
            return None;
        }
        let steps = self.distance();
        (steps <= most && steps < self.other.len()).then_some(steps)
    }

    /// The counts without those of a candidate that needs no folding.
    fn after_ascii(&self, candidate: &str) -> [i16; 32] {
        counted(candidate.bytes().map(|byte| u32::from(byte.to_ascii_lowercase())), self.counts, -1)
    }

    /// How many single changes, an exchange of neighbours counted as one, make one word of the other (optimal string
    /// alignment).
    fn distance(&mut self) -> usize {
        let Self { word, other, before_last, last, row, .. } = self;
        before_last.clear();
        last.clear();
        last.extend(0..=other.len());
        for (i, x) in word.iter().enumerate() {
            row.clear();
            row.push(i + 1);
            for (j, y) in other.iter().enumerate() {
                let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX - 1);
                let changed = at(last, j) + usize::from(x != y);
                let mut steps = changed.min(at(last, j + 1) + 1).min(at(row, j) + 1);
                let neighbours =
                    j.checked_sub(1).filter(|k| i > 0 && other.get(*k) == Some(x) && word.get(i - 1) == Some(y));
                if let Some(k) = neighbours {
                    steps = steps.min(at(before_last, k) + 1);
                }
                row.push(steps);
            }
            std::mem::swap(before_last, last);
            std::mem::swap(last, row);
        }
        last.last().copied().unwrap_or(word.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(a: &str, b: &str) -> usize {
        let letters = |text: &str| text.chars().map(u32::from).collect::<Vec<_>>().into_iter();
        least(counted(letters(b), counted(letters(a), [0; 32], 1), -1))
    }

    #[test]
    fn what_was_meant_is_found() {
        let names = ["weighted", "price", "priority", "hours", "max_sales", "in", "status"];
        for (word, meant) in [
            ("wieghted", Some("weighted")),
            ("Price", Some("price")),
            ("hour", Some("hours")),
            ("maxSales", Some("max_sales")),
            ("prioritty", Some("priority")),
            ("xyzzy", None),
            ("", None),
            ("q", None),
        ] {
            assert_eq!(did_you_mean(word, names), meant, "{word}");
        }
        assert_eq!(did_you_mean(&"a".repeat(100_000), names), None);
    }

    #[test]
    fn distances_are_symmetric_and_count_single_changes() {
        let of = |a: &str, b: &str| {
            let mut desk = Desk { word: a.chars().collect(), other: b.chars().collect(), ..Desk::default() };
            assert!(bound(a, b) <= desk.distance(), "{a} {b}");
            desk.distance()
        };
        for (a, b, steps) in [("", "", 0), ("", "abc", 3), ("kitten", "sitting", 3), ("ab", "ba", 1), ("gt", "gta", 1)]
        {
            assert_eq!((of(a, b), of(b, a)), (steps, steps), "{a} {b}");
        }
    }

    #[test]
    fn of_two_as_near_the_first_by_bytes_is_named() {
        assert_eq!(did_you_mean("bat", ["cat", "bad", "bar"]), Some("bad"));
        for (names, alone) in [
            (["bad", "cat"], false),
            (["cat", "bad"], false),
            (["bad", "bad"], true),
            (["bad", "house"], true),
            (["batch", "bad"], true),
        ] {
            assert_eq!(nearest("bat", names), Some(Near { name: "bad", alone }), "{names:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn the_cheap_bound_is_one(a in "[a-eé]{0,9}", b in "[a-eé]{0,9}") {
            let mut desk = Desk { word: a.chars().collect(), other: b.chars().collect(), ..Desk::default() };
            proptest::prop_assert!(bound(&a, &b) <= desk.distance());
        }
    }
}
