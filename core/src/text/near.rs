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
    let word = letters(word)?;
    let near = |candidate: &'a str| {
        let other = letters(candidate)?;
        let most = (word.len().max(other.len()) / 3).max(1);
        let least = word.len().abs_diff(other.len());
        let steps = if least > most { least } else { distance(&word, &other) };
        (steps <= most && steps < other.len()).then_some((steps, candidate))
    };
    candidates.into_iter().filter_map(near).min().map(|(_, candidate)| candidate)
}

fn letters(word: &str) -> Option<Vec<char>> {
    let short = !word.is_empty() && word.len() <= LONGEST;
    short.then(|| word.chars().flat_map(char::to_lowercase).collect())
}

/// How many single changes, an exchange of neighbours counted as one, make one word of the other (optimal string
/// alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX - 1);
            let changed = at(&last, j) + usize::from(x != y);
            let mut steps = changed.min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let neighbours = j.checked_sub(1).filter(|k| i > 0 && b.get(*k) == Some(x) && a.get(i - 1) == Some(y));
            if let Some(k) = neighbours {
                steps = steps.min(at(&before_last, k) + 1);
            }
            row.push(steps);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(a.len())
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let of = |a: &str, b: &str| distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>());
        for (a, b, steps) in [("", "", 0), ("", "abc", 3), ("kitten", "sitting", 3), ("ab", "ba", 1), ("gt", "gta", 1)]
        {
            assert_eq!((of(a, b), of(b, a)), (steps, steps), "{a} {b}");
        }
    }

    #[test]
    fn of_two_as_near_the_first_by_bytes_is_named() {
        assert_eq!(did_you_mean("bat", ["cat", "bad", "bar"]), Some("bad"));
    }
}
