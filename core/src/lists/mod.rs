//! Suppression lists: opt-outs, litigators, do-not-call registries.
//!
//! A list is a sorted run of digests, also where its entries came in clear: it never holds a phone or an address. Which
//! normal form of a value was hashed is part of it ([`Form`]). Small lists are held in memory ([`MemoryList`]); large
//! ones stay in a compiled file of which one block is read for a lookup ([`ListFile`], written by [`ListWriter`]). A
//! host may also answer by itself: whatever implements [`SuppressionList`] is a list.

mod disk;
mod entries;
mod file;
mod gather;
mod hash;
mod memory;
mod writer;

pub use disk::OpenFile;
pub use entries::{Entries, Form, ListOf};
pub use file::{ListFile, ReadAt};
pub use gather::ListBuilder;
pub(crate) use hash::hex;
pub use hash::{ListDigest, ListHash};
pub use memory::MemoryList;
pub use writer::{ListHeader, ListWriter};

use crate::model::{Error, Timestamp};

/// What a list says about itself. It goes into every decision that asked the list (rule 75).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListAbout {
    /// Which state of the list this is: a label, or the first 16 hex digits of its checksum.
    pub version: String,
    /// How many entries it has; none where that is not known.
    pub count: Option<u64>,
    /// When it was made, where that is known.
    pub made_at: Option<Timestamp>,
    /// What it holds; none where it takes whatever it is asked.
    pub of: Option<ListOf>,
}

/// Answers whether a value is on a list. Asked by many threads at once.
///
/// ```
/// use leadwright::lists::{ListAbout, SuppressionList};
/// use leadwright::model::Error;
///
/// /// Asks a service of the host's; here, one number.
/// struct Own;
/// impl SuppressionList for Own {
///     fn about(&self) -> ListAbout {
///         ListAbout { version: "own".into(), count: None, made_at: None, of: None }
///     }
///     fn holds(&self, value: &str) -> Result<bool, Error> {
///         Ok(value == "+13125550100")
///     }
/// }
/// assert!(Own.holds("+13125550100")?);
/// # Ok::<(), Error>(())
/// ```
pub trait SuppressionList: Send + Sync {
    /// What the list says about itself.
    fn about(&self) -> ListAbout;

    /// Whether a canonical value is on the list: a phone in E.164 with `+`, an email address in small letters.
    ///
    /// # Errors
    /// Whatever keeps the list from being asked. No sale is then made: a list that cannot be asked never passes a lead
    /// (rule 75). The text must not hold the value.
    fn holds(&self, value: &str) -> Result<bool, Error>;
}
