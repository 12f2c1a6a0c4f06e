//! Reads a compiled list: a fence of the first digests of its blocks in memory, one block read for a lookup.

use super::memory::{at, contains, count_up_to};
use super::writer::{BLOCK, Footer, ListHeader, trimmed};
use super::{ListAbout, ListDigest, SuppressionList};
use crate::lists::hash::hex;
use crate::model::{Code, Error};
use sha2::{Digest, Sha256};

/// Bytes that can be read from any position, by many threads at once.
pub trait ReadAt: Send + Sync {
    /// How many there are.
    ///
    /// # Errors
    /// `list.io`.
    fn size(&self) -> Result<u64, Error>;

    /// Fills `into` from a position on.
    ///
    /// # Errors
    /// `list.io`, also when there are too few.
    fn read_at(&self, into: &mut [u8], at: u64) -> Result<(), Error>;
}

impl ReadAt for Vec<u8> {
    fn size(&self) -> Result<u64, Error> {
        Ok(self.len() as u64)
    }

    fn read_at(&self, into: &mut [u8], at: u64) -> Result<(), Error> {
        let from = usize::try_from(at).ok().and_then(|at| self.get(at..at.checked_add(into.len())?));
        into.copy_from_slice(from.ok_or_else(|| Error::new(Code::ListIo, "it ends too early"))?);
        Ok(())
    }
}

/// A compiled list. In memory is only the first digest of each block of 4 KiB; an answer is exact, as it is confirmed by
/// reading the block. See [`ListWriter`](super::ListWriter) for an example.
pub struct ListFile<R> {
    source: R,
    header: ListHeader,
    about: ListAbout,
    /// The first digest of every block of digests.
    fence: Box<[u8]>,
    /// How many digests the last block has.
    in_last: usize,
}

impl<R: ReadAt> ListFile<R> {
    /// Reads the whole of it once: checksum, order and count must be right.
    ///
    /// # Errors
    /// `list.damaged` where they are not, or where it is no compiled list of this version; `list.hash_of_empty`
    /// (rule 74); `list.io`.
    pub fn open(source: R) -> Result<Self, Error> {
        let size = source.size()?;
        let blocks = usize::try_from(size / BLOCK as u64).unwrap_or(usize::MAX);
        if size % BLOCK as u64 != 0 || blocks < 2 {
            return Err(damaged("it is no compiled list, or not all of one"));
        }
        let mut block = [0; BLOCK];
        source.read_at(&mut block, 0)?;
        let header = ListHeader::read(&block).ok_or_else(|| damaged("its header is none of this version"))?;
        let mut sum = Sha256::new();
        sum.update(block);
        source.read_at(&mut block, size - BLOCK as u64)?;
        let footer: Footer =
            serde_json::from_slice(trimmed(&block)).map_err(|_| damaged("its last block is no footer"))?;
        let scan = Scan::of(&source, &header, blocks - 2, footer.count, &mut sum)?;
        if hex(&sum.finalize()) != footer.sha256 {
            return Err(damaged("its checksum is another"));
        }
        let about = header.about(&footer);
        let list = Self { source, header, about, fence: scan.fence.into(), in_last: scan.in_last };
        if list.contains(&list.header.entries.of_empty())? {
            return Err(Error::new(Code::ListHashOfEmpty, list.header.id));
        }
        Ok(list)
    }

    /// What stands at its head.
    pub fn header(&self) -> &ListHeader {
        &self.header
    }

    /// Bytes that it keeps in memory.
    pub fn resident_bytes(&self) -> usize {
        self.fence.len()
    }

    /// Whether a digest is in it.
    ///
    /// # Errors
    /// `list.io`; `list.damaged` when the file was changed in its place.
    pub fn contains(&self, digest: &ListDigest) -> Result<bool, Error> {
        let width = self.header.entries.hash.width();
        let up_to = count_up_to(&self.fence, width, digest.as_bytes());
        let Some(place) = up_to.checked_sub(1) else { return Ok(false) };
        let mut block = [0; BLOCK];
        self.source.read_at(&mut block, position(place))?;
        if at(&block, width, 0) != at(&self.fence, width, place) {
            return Err(damaged("it was changed while it was open"));
        }
        let last = (place + 1) * width == self.fence.len();
        let digests = if last { self.in_last } else { BLOCK / width };
        Ok(contains(block.get(..digests * width).unwrap_or_default(), width, digest.as_bytes()))
    }
}

/// Where a block of digests begins.
fn position(place: usize) -> u64 {
    (place as u64 + 1) * BLOCK as u64
}

/// What one reading of all digests gives.
struct Scan {
    fence: Vec<u8>,
    in_last: usize,
}

impl Scan {
    fn of(
        source: &impl ReadAt,
        header: &ListHeader,
        blocks: usize,
        count: u64,
        sum: &mut Sha256,
    ) -> Result<Self, Error> {
        let width = header.entries.hash.width();
        let each = BLOCK / width;
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        if count.div_ceil(each) != blocks {
            return Err(damaged("its count is another"));
        }
        let mut scan = Self { fence: Vec::with_capacity(blocks * width), in_last: 0 };
        let mut last = ListDigest::from_slice(&[]);
        let mut block = [0; BLOCK];
        for place in 0..blocks {
            source.read_at(&mut block, position(place))?;
            sum.update(block);
            scan.in_last = each.min(count - place * each);
            scan.fence.extend(at(&block, width, 0));
            for digest in block.chunks_exact(width).take(scan.in_last).map(ListDigest::from_slice) {
                if last >= digest {
                    return Err(damaged("its digests are not in order"));
                }
                last = digest;
            }
        }
        Ok(scan)
    }
}

fn damaged(why: &str) -> Error {
    Error::new(Code::ListDamaged, why)
}

impl<R: ReadAt> SuppressionList for ListFile<R> {
    fn about(&self) -> ListAbout {
        self.about.clone()
    }

    fn holds(&self, value: &str) -> Result<bool, Error> {
        for digest in self.header.entries.digests(value) {
            if self.contains(&digest)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl<R> std::fmt::Debug for ListFile<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ListFile({} {})", self.header.id, self.about.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lists::{Entries, ListHash, ListOf, ListWriter, MemoryList};

    fn phone(n: usize) -> String {
        format!("+1312555{n:04}")
    }

    fn written(entries: &Entries, digests: &MemoryList) -> Vec<u8> {
        let header = ListHeader {
            id: "a".into(),
            version: None,
            made_at: Some("2026-11-24T00:00:00Z".parse().unwrap()),
            entries: entries.clone(),
        };
        let mut writer = ListWriter::new(Vec::new(), header).unwrap();
        digests.digests().for_each(|digest| assert!(writer.push(&digest).unwrap()));
        writer.finish().unwrap().0
    }

    fn of(entries: &Entries, count: usize) -> Vec<u8> {
        let all = (0..count).flat_map(|n| entries.digests(&phone(n)).into_iter().take(1));
        written(entries, &MemoryList::new(entries.clone(), "v", all))
    }

    #[test]
    fn answers_are_exact_at_every_size_around_a_block() {
        for hash in [ListHash::Md5, ListHash::Sha1, ListHash::Sha256] {
            let entries = Entries { hash, ..Entries::plain(ListOf::Phone) };
            let each = BLOCK / hash.width();
            for count in [0, 1, each - 1, each, each + 1, 3 * each + 7] {
                let list = ListFile::open(of(&entries, count)).unwrap();
                assert_eq!(list.about().count, Some(count as u64));
                assert_eq!(list.resident_bytes(), count.div_ceil(each) * hash.width());
                for n in 0..count + 200 {
                    assert_eq!(list.holds(&phone(n)).unwrap(), n < count, "{hash:?} {count} {n}");
                }
            }
        }
    }

    #[test]
    fn any_changed_byte_is_noticed() {
        let entries = Entries::plain(ListOf::Phone);
        let whole = of(&entries, 300);
        for at in (0..whole.len()).step_by(37) {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x20;
            assert!(ListFile::open(bytes).is_err(), "byte {at}");
        }
        for end in [0, 10, BLOCK, whole.len() - BLOCK, whole.len() - 1] {
            assert!(ListFile::open(whole[..end].to_vec()).is_err(), "{end} bytes");
        }
    }

    #[test]
    fn rule_074_the_hash_of_an_empty_text_is_refused_when_written_and_when_read() {
        for hash in [ListHash::Md5, ListHash::Sha1, ListHash::Sha256] {
            let entries = Entries::hashed(ListOf::Email, hash, None);
            let header = ListHeader { id: "a".into(), version: None, made_at: None, entries: entries.clone() };
            let mut writer = ListWriter::new(Vec::new(), header).unwrap();
            assert_eq!(writer.push(&hash.of("")).unwrap_err().code(), Code::ListHashOfEmpty);
        }
        // One that another tool wrote: a list of another hash, whose digests are of the right length.
        let mut block = of(&Entries::plain(ListOf::Phone), 1);
        let empty = ListHash::Sha256.of("");
        block[BLOCK..BLOCK + 32].copy_from_slice(empty.as_bytes());
        let footer = Footer { count: 1, sha256: hex(&Sha256::digest(&block[..2 * BLOCK])) };
        let mut last = serde_json::to_vec(&footer).unwrap();
        last.resize(BLOCK, 0);
        block[2 * BLOCK..].copy_from_slice(&last);
        assert_eq!(ListFile::open(block).unwrap_err().code(), Code::ListHashOfEmpty);
    }

    #[test]
    fn a_file_that_was_changed_while_open_does_not_answer() {
        use std::sync::Mutex;
        struct Changing(Mutex<Vec<u8>>);
        impl ReadAt for &Changing {
            fn size(&self) -> Result<u64, Error> {
                self.0.lock().unwrap().size()
            }
            fn read_at(&self, into: &mut [u8], at: u64) -> Result<(), Error> {
                ReadAt::read_at(&*self.0.lock().unwrap(), into, at)
            }
        }
        let bytes = Changing(Mutex::new(of(&Entries::plain(ListOf::Phone), 10)));
        let list = ListFile::open(&bytes).unwrap();
        assert!(list.holds(&phone(3)).unwrap());
        bytes.0.lock().unwrap()[BLOCK] ^= 1;
        assert_eq!(list.holds(&phone(3)).unwrap_err().code(), Code::ListDamaged);
        bytes.0.lock().unwrap().truncate(BLOCK);
        assert_eq!(list.holds(&phone(3)).unwrap_err().code(), Code::ListIo);
    }
}
