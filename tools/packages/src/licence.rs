//! Expressions of licences, and which of them we may pass on.

/// What we pass on, what we like best first. Another one is a decision of people: see docs/releasing.md.
pub const ALLOWED: &[&str] = &[
    "MIT",
    "Apache-2.0",
    "BSD-3-Clause",
    "BSD-2-Clause",
    "ISC",
    "Zlib",
    "BSL-1.0",
    "Unicode-3.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
];

/// The licences that are taken of an expression, in the order of [`ALLOWED`]; nothing where we may take none.
///
/// Of `OR` the one that we like best, of `AND` all.
pub fn taken(expression: &str) -> Option<Vec<&'static str>> {
    // Before 2018 a slash was written for `OR`.
    let text = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut at = 0;
    let mut ranks = either(&words, &mut at)?;
    if at != words.len() {
        return None;
    }
    ranks.sort_unstable();
    ranks.dedup();
    ranks.iter().map(|rank| ALLOWED.get(*rank).copied()).collect()
}

/// A rank that is no licence of ours; it loses against every other.
const NONE: usize = usize::MAX;

fn either(words: &[&str], at: &mut usize) -> Option<Vec<usize>> {
    let mut best = both(words, at)?;
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        let other = both(words, at)?;
        if worst(&other) < worst(&best) {
            best = other;
        }
    }
    Some(best)
}

fn both(words: &[&str], at: &mut usize) -> Option<Vec<usize>> {
    let mut all = one(words, at)?;
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        all.extend(one(words, at)?);
    }
    Some(all)
}

fn one(words: &[&str], at: &mut usize) -> Option<Vec<usize>> {
    let word = *words.get(*at)?;
    *at += 1;
    if word == "(" {
        let inside = either(words, at)?;
        *at += 1;
        return (words.get(*at - 1) == Some(&")")).then_some(inside);
    }
    let mut rank = ALLOWED.iter().position(|allowed| *allowed == word).unwrap_or(NONE);
    if words.get(*at) == Some(&"WITH") {
        // An exception makes another licence of it.
        *at += 2;
        rank = NONE;
    }
    Some(vec![rank])
}

fn worst(ranks: &[usize]) -> usize {
    ranks.iter().copied().max().unwrap_or(NONE)
}

#[cfg(test)]
mod tests {
    use super::taken;

    #[test]
    fn the_best_of_or_and_all_of_and() {
        assert_eq!(taken("Apache-2.0 OR MIT"), Some(vec!["MIT"]));
        assert_eq!(taken("Unlicense/MIT"), Some(vec!["MIT"]));
        assert_eq!(taken("(MIT OR Apache-2.0) AND Unicode-3.0"), Some(vec!["MIT", "Unicode-3.0"]));
        assert_eq!(taken("Apache-2.0 AND ISC"), Some(vec!["Apache-2.0", "ISC"]));
        assert_eq!(taken("Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT"), Some(vec!["MIT"]));
        assert_eq!(taken("MIT OR Apache-2.0 OR LGPL-2.1-or-later"), Some(vec!["MIT"]));
    }

    #[test]
    fn what_is_not_on_the_list_is_not_taken() {
        for expression in
            ["GPL-3.0-only", "MIT AND GPL-2.0-only", "MPL-2.0", "Apache-2.0 WITH LLVM-exception", "", "MIT OR", "(MIT"]
        {
            assert_eq!(taken(expression), None, "{expression}");
        }
    }
}
