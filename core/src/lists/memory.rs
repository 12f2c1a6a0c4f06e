//! A list that is held in memory.

use super::{Entries, ListAbout, ListDigest, SuppressionList};
use crate::model::{Error, Timestamp};

/// Sorted digests, one behind the other.
#[derive(Clone, PartialEq, Eq)]
pub struct MemoryList {
    entries: Entries,
    version: String,
    made_at: Option<Timestamp>,
    digests: Vec<u8>,
}

impl MemoryList {
    /// From digests in any order; the same one twice counts once.
    ///
    /// ```
    /// use leadwright::lists::{Entries, ListOf, MemoryList, SuppressionList};
    /// let entries = Entries::plain(ListOf::Phone);
    /// let list = MemoryList::new(entries.clone(), "2026-11", entries.digests("+13125550100"));
    /// assert!(list.holds("+13125550100")?);
    /// assert!(!list.holds("+13125550101")?);
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    pub fn new(entries: Entries, version: impl Into<String>, digests: impl IntoIterator<Item = ListDigest>) -> Self {
        let mut sorted: Vec<ListDigest> =
            digests.into_iter().filter(|digest| digest.as_bytes().len() == entries.hash.width()).collect();
        sorted.sort_unstable();
        sorted.dedup();
        let digests = sorted.iter().flat_map(ListDigest::as_bytes).copied().collect();
        Self { entries, version: version.into(), made_at: None, digests }
    }

    /// The same with the time it was made at: without one it is too old for a plan that names a `max_age`.
    ///
    /// ```
    /// use leadwright::lists::{Entries, ListOf, MemoryList, SuppressionList};
    /// let list = MemoryList::new(Entries::plain(ListOf::Phone), "2026-11", []);
    /// let made_at = "2026-11-24T00:00:00Z".parse()?;
    /// assert_eq!(list.with_made_at(Some(made_at)).about().made_at, Some(made_at));
    /// # Ok::<(), leadwright::model::TimeError>(())
    /// ```
    #[must_use]
    pub fn with_made_at(self, made_at: Option<Timestamp>) -> Self {
        Self { made_at, ..self }
    }

    pub(super) fn with_version(self, version: String) -> Self {
        Self { version, ..self }
    }

    /// What its entries are.
    pub fn entries(&self) -> &Entries {
        &self.entries
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.digests.len() / self.entries.hash.width()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.digests.is_empty()
    }

    /// The digests in order.
    pub fn digests(&self) -> impl Iterator<Item = ListDigest> {
        self.digests.chunks_exact(self.entries.hash.width()).map(ListDigest::from_slice)
    }

    fn contains(&self, digest: &ListDigest) -> bool {
        contains(&self.digests, self.entries.hash.width(), digest.as_bytes())
    }
}

/// Whether a run of sorted digests has one.
pub(super) fn contains(run: &[u8], width: usize, digest: &[u8]) -> bool {
    let before = count_up_to(run, width, digest);
    before > 0 && at(run, width, before - 1) == digest
}

/// How many digests of a sorted run are no greater than one.
pub(super) fn count_up_to(run: &[u8], width: usize, digest: &[u8]) -> usize {
    let (mut low, mut high) = (0, run.len() / width.max(1));
    while low < high {
        let middle = low + (high - low) / 2;
        if at(run, width, middle) <= digest {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

pub(super) fn at(run: &[u8], width: usize, place: usize) -> &[u8] {
    run.get(place * width..(place + 1) * width).unwrap_or_default()
}

impl SuppressionList for MemoryList {
    fn about(&self) -> ListAbout {
        ListAbout {
            version: self.version.clone(),
            count: u64::try_from(self.len()).ok(),
            made_at: self.made_at,
            of: Some(self.entries.of),
        }
    }

    fn holds(&self, value: &str) -> Result<bool, Error> {
        Ok(self.entries.digests(value).iter().any(|digest| self.contains(digest)))
    }
}

impl std::fmt::Debug for MemoryList {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MemoryList({} entries)", self.len())
    }
}
