//! Where the files of a plan come from. The core opens none: the host gives them.

use crate::model::{Code, Error};
use std::collections::BTreeMap;

/// Gives the files of a plan by name.
///
/// Names are relative to the folder of the plan's root file and have `/` between their parts.
pub trait Resolver {
    /// The bytes of a file.
    ///
    /// # Errors
    /// Whatever keeps the file from being read, usually [`Code::PlanFileMissing`].
    fn read(&self, name: &str) -> Result<Vec<u8>, Error>;

    /// The names that match a pattern with `*` in its last part, in any order. See [`name_matches`].
    ///
    /// # Errors
    /// Whatever keeps the folder from being listed. A folder that is not there has no files, which is no error.
    fn expand(&self, pattern: &str) -> Result<Vec<String>, Error>;
}

/// Whether a name matches a pattern: `*` in the last part stands for any characters but `/`.
///
/// ```
/// use leadwright::plan::name_matches;
/// assert!(name_matches("buyers/*.jsonc", "buyers/summit.jsonc"));
/// assert!(!name_matches("buyers/*.jsonc", "buyers/old/summit.jsonc"));
/// ```
pub fn name_matches(pattern: &str, name: &str) -> bool {
    let split = |text| str::rsplit_once(text, '/').unwrap_or(("", text));
    let ((folder, pattern), (of_name, name)) = (split(pattern), split(name));
    folder == of_name && part_matches(pattern, name)
}

fn part_matches(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut left) = name.strip_prefix(first) else { return false };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    for piece in middle.split('*') {
        match left.find(piece) {
            Some(at) => left = left.get(at + piece.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    left.ends_with(last)
}

/// Files held in memory: for tests, for bindings that pass a plan as text, and for stored plans.
///
/// ```
/// use leadwright::plan::{MemoryResolver, Resolver};
/// let files = MemoryResolver::new([("plan.jsonc", "{}"), ("buyers/a.jsonc", "{}"), ("buyers/b.jsonc", "{}")]);
/// assert_eq!(files.expand("buyers/*.jsonc")?, ["buyers/a.jsonc", "buyers/b.jsonc"]);
/// assert!(files.read("missing").is_err());
/// # Ok::<(), leadwright::model::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct MemoryResolver {
    files: BTreeMap<String, Vec<u8>>,
}

impl MemoryResolver {
    /// From names and contents.
    pub fn new<N: Into<String>, B: Into<Vec<u8>>>(files: impl IntoIterator<Item = (N, B)>) -> Self {
        Self { files: files.into_iter().map(|(name, bytes)| (name.into(), bytes.into())).collect() }
    }

    /// Adds a file, or replaces it.
    pub fn insert(&mut self, name: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(name.into(), bytes.into());
    }
}

impl Resolver for MemoryResolver {
    fn read(&self, name: &str) -> Result<Vec<u8>, Error> {
        self.files.get(name).cloned().ok_or_else(|| Error::new(Code::PlanFileMissing, name))
    }

    fn expand(&self, pattern: &str) -> Result<Vec<String>, Error> {
        Ok(self.files.keys().filter(|name| name_matches(pattern, name)).cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything_but_a_slash() {
        for (pattern, name, right) in [
            ("*", "a", true),
            ("*", "a/b", false),
            ("a*c*e", "abcde", true),
            ("a*c*e", "ace", true),
            ("a*a", "a", false),
            ("a**", "ab", true),
            ("*.jsonc", "x.jsonc.bak", false),
            ("b/*", "b/", true),
            ("x", "x", true),
            ("*ab*ab", "ab", false),
        ] {
            assert_eq!(name_matches(pattern, name), right, "{pattern} {name}");
        }
    }
}
