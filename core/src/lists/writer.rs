//! Writes a compiled list. The format is described in docs/suppression.md.

use super::hash::hex;
use super::{Entries, Form, ListAbout, ListDigest, ListHash, ListOf};
use crate::model::{Code, Error, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::Write;

/// What a compiled list begins with.
pub(super) const MAGIC: &[u8; 8] = b"LWLIST1\n";
/// Everything of a file comes in blocks of this size: the header, digests, the footer.
pub(super) const BLOCK: usize = 4096;
/// Longest id or version.
pub(super) const NAME: usize = 64;

/// What stands at the head of a compiled list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListHeader {
    /// The name of the list.
    pub id: String,
    /// Which state of the list this is; the checksum when absent.
    pub version: Option<String>,
    /// When it was made.
    pub made_at: Option<Timestamp>,
    /// What its entries are.
    pub entries: Entries,
}

/// The header on the wire.
#[derive(Serialize, Deserialize)]
struct WireHeader {
    id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    made_at: Option<Timestamp>,
    of: String,
    hash: String,
    forms: Vec<String>,
}

/// The last block.
#[derive(Serialize, Deserialize)]
pub(super) struct Footer {
    pub(super) count: u64,
    pub(super) sha256: String,
}

impl ListHeader {
    pub(super) fn read(block: &[u8]) -> Option<Self> {
        let wire: WireHeader = serde_json::from_slice(trimmed(block.strip_prefix(MAGIC)?)).ok()?;
        let forms: Result<Vec<Form>, ()> = wire.forms.iter().map(|form| form.parse()).collect();
        let of: ListOf = wire.of.parse().ok()?;
        let forms =
            forms.ok().filter(|forms| !forms.is_empty() && forms.iter().all(|form| of.forms().contains(form)))?;
        let hash: ListHash = wire.hash.parse().ok()?;
        let entries = Entries { of, hash, forms };
        Some(Self { id: wire.id, version: wire.version, made_at: wire.made_at, entries })
    }

    fn block(&self) -> Result<Vec<u8>, Error> {
        let names = [Some(&self.id), self.version.as_ref()];
        if names.into_iter().flatten().any(|name| name.is_empty() || name.len() > NAME) {
            return Err(Error::new(Code::ListUnfit, format!("an id or a version has 1 to {NAME} bytes")));
        }
        let wire = WireHeader {
            id: self.id.clone(),
            version: self.version.clone(),
            made_at: self.made_at,
            of: self.entries.of.as_str().to_owned(),
            hash: self.entries.hash.as_str().to_owned(),
            forms: self.entries.forms.iter().map(|form| form.as_str().to_owned()).collect(),
        };
        let mut block = MAGIC.to_vec();
        block.extend(serde_json::to_vec(&wire).unwrap_or_default());
        block.resize(BLOCK, 0);
        Ok(block)
    }

    pub(super) fn about(&self, footer: &Footer) -> ListAbout {
        let checksum = || footer.sha256.get(..16).unwrap_or_default().to_owned();
        ListAbout {
            version: self.version.clone().unwrap_or_else(checksum),
            count: Some(footer.count),
            made_at: self.made_at,
            of: Some(self.entries.of),
        }
    }
}

/// The text of a block without what fills it up.
pub(super) fn trimmed(block: &[u8]) -> &[u8] {
    let end = block.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    block.get(..end).unwrap_or_default()
}

/// Writes digests, which must come in ascending order, to a compiled list. Holds one block in memory.
///
/// ```
/// use leadwright::lists::{Entries, ListFile, ListHeader, ListOf, ListWriter, SuppressionList};
/// let entries = Entries::plain(ListOf::Phone);
/// let header = ListHeader { id: "opt-outs".into(), version: None, made_at: None, entries: entries.clone() };
/// let mut writer = ListWriter::new(Vec::new(), header)?;
/// entries.digests("+13125550100").iter().try_for_each(|digest| writer.push(digest).map(drop))?;
/// let (bytes, about) = writer.finish()?;
/// assert_eq!(about.count, Some(1));
/// let list = ListFile::open(bytes)?;
/// assert!(list.holds("+13125550100")?);
/// # Ok::<(), leadwright::model::Error>(())
/// ```
pub struct ListWriter<W> {
    out: W,
    header: ListHeader,
    block: Vec<u8>,
    last: Option<ListDigest>,
    count: u64,
    sum: Sha256,
}

impl<W: Write> ListWriter<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// `list.unfit` for an id or version that is empty or too long; `list.io`.
    pub fn new(out: W, header: ListHeader) -> Result<Self, Error> {
        let block = header.block()?;
        let mut writer = Self { out, header, block, last: None, count: 0, sum: Sha256::new() };
        writer.flush_block()?;
        Ok(writer)
    }

    /// Adds a digest; the one before it again is nothing, and `false`.
    ///
    /// # Errors
    /// `list.hash_of_empty` (rule 74); `list.unfit` when the digest is of another hash or comes before the last one;
    /// `list.io`.
    pub fn push(&mut self, digest: &ListDigest) -> Result<bool, Error> {
        if self.last.as_ref() == Some(digest) {
            return Ok(false);
        }
        if *digest == self.header.entries.of_empty() {
            return Err(Error::new(Code::ListHashOfEmpty, self.header.id.clone()));
        }
        let width = self.header.entries.hash.width();
        if digest.as_bytes().len() != width || self.last.is_some_and(|last| last > *digest) {
            return Err(Error::new(Code::ListUnfit, "digests of one hash are written in ascending order"));
        }
        if self.block.len() + width > BLOCK {
            self.flush_block()?;
        }
        self.block.extend(digest.as_bytes());
        self.last = Some(*digest);
        self.count += 1;
        Ok(true)
    }

    /// Writes the footer, and gives what was written to.
    ///
    /// # Errors
    /// `list.io`.
    pub fn finish(mut self) -> Result<(W, ListAbout), Error> {
        if !self.block.is_empty() {
            self.flush_block()?;
        }
        let footer = Footer { count: self.count, sha256: hex(&self.sum.clone().finalize()) };
        self.block = serde_json::to_vec(&footer).unwrap_or_default();
        self.flush_block()?;
        self.out.flush().map_err(|error| io(&error))?;
        let about = self.header.about(&footer);
        Ok((self.out, about))
    }

    fn flush_block(&mut self) -> Result<(), Error> {
        self.block.resize(BLOCK, 0);
        self.sum.update(&self.block);
        self.out.write_all(&self.block).map_err(|error| io(&error))?;
        self.block.clear();
        Ok(())
    }
}

fn io(error: &std::io::Error) -> Error {
    Error::new(Code::ListIo, error.to_string())
}
