//! Places in a value: a JSON Pointer (RFC 6901) with stars.

use std::fmt;

/// `/sales/*/price`: `*` stands for any step or a part of one, `**` for any number of steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    steps: Vec<String>,
}

impl Pattern {
    /// From a pointer. None for a text that is none: it is empty or begins with `/`.
    ///
    /// ```
    /// use leadwright::parity::Pattern;
    /// let pattern = Pattern::new("/debug/*").ok_or("no pointer")?;
    /// assert!(pattern.matches("/debug/took") && !pattern.matches("/debug"));
    /// assert!(Pattern::new("debug").is_none());
    /// # Ok::<(), &str>(())
    /// ```
    pub fn new(text: &str) -> Option<Self> {
        let steps =
            if text.is_empty() { Vec::new() } else { text.strip_prefix('/')?.split('/').map(unescaped).collect() };
        Some(Self { text: text.to_owned(), steps })
    }

    /// Whether a pointer is one of its places.
    pub fn matches(&self, pointer: &str) -> bool {
        let steps: Vec<String> = pointer.split('/').skip(1).map(unescaped).collect();
        self.matches_steps(&steps)
    }

    pub(in crate::parity) fn matches_steps(&self, path: &[String]) -> bool {
        matches(&self.steps, path)
    }
}

fn matches(steps: &[String], path: &[String]) -> bool {
    match (steps.split_first(), path.split_first()) {
        (None, at) => at.is_none(),
        (Some((step, rest)), at) if step == "**" => {
            matches(rest, path) || at.is_some_and(|(_, below)| matches(steps, below))
        }
        (Some((step, rest)), Some((name, below))) => fits(step, name) && matches(rest, below),
        (Some(_), None) => false,
    }
}

/// A step with at most one star.
fn fits(step: &str, name: &str) -> bool {
    match step.split_once('*') {
        None => step == name,
        Some((start, end)) => name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end),
    }
}

fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_steps() {
        for (pattern, path, is) in [
            ("", "", true),
            ("", "/a", false),
            ("/a", "/a", true),
            ("/a/*", "/a/b", true),
            ("/a/*", "/a/b/c", false),
            ("/a/**", "/a", true),
            ("/a/**", "/a/b/c", true),
            ("/**/at", "/at", true),
            ("/**/at", "/x/0/at", true),
            ("/x_*", "/x_one", true),
            ("/*_at", "/made_at", true),
            ("/aa*aa", "/aaa", false),
            ("/a~1b", "/a~1b", true),
        ] {
            assert_eq!(Pattern::new(pattern).unwrap().matches(path), is, "{pattern} {path}");
        }
    }
}
