//! Gathers entries into a list that is held in memory.

use super::hash::hex;
use super::{Entries, Form, ListDigest, ListHash, ListOf, MemoryList};
use crate::model::{Code, Error, RawValue, Timestamp};
use sha2::{Digest, Sha256};

/// Takes the entries of a list one by one. One that cannot be read ends it: left out in silence, it might be somebody
/// who must not be called.
///
/// ```
/// use leadwright::lists::{ListBuilder, SuppressionList};
/// let mut builder = ListBuilder::named("phone", None, None)?;
/// builder.push(" (312) 555-0100 ")?;
/// assert_eq!(builder.push("call me").unwrap_err().code().as_str(), "list.unfit");
/// let list = builder.finish(None, None)?;
/// assert!(list.holds("+13125550100")?);
/// # Ok::<(), leadwright::model::Error>(())
/// ```
pub struct ListBuilder {
    entries: Entries,
    is_hashed: bool,
    digests: Vec<ListDigest>,
    taken: usize,
}

/// Entries are not shown: they are people's phones and addresses.
impl std::fmt::Debug for ListBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ListBuilder({} entries)", self.taken)
    }
}

impl ListBuilder {
    /// By the words of a plan: what the entries are `of` (`phone`, `email`, `other`), and where they come hashed, with
    /// which `hash` (`md5`, `sha1`, `sha256`) in which `form`.
    ///
    /// # Errors
    /// `input.bad_option` for a word that is none of these, or a form without a hash.
    pub fn named(of: &str, hash: Option<&str>, form: Option<&str>) -> Result<Self, Error> {
        let bad = |detail: String| Error::new(Code::InputBadOption, detail);
        let of: ListOf = of.parse().map_err(|()| bad("`of` is phone, email or other".into()))?;
        let hash = hash.map(str::parse::<ListHash>).transpose();
        let hash = hash.map_err(|()| bad("`hash` is md5, sha1 or sha256".into()))?;
        let words: Vec<&str> = of.forms().iter().map(|form| form.as_str()).collect();
        let known = |form: &Form| of.forms().contains(form);
        let form = match form {
            None => None,
            Some(word) => Some(
                word.parse()
                    .ok()
                    .filter(known)
                    .ok_or_else(|| bad(format!("`form` of {} is one of {}", of.as_str(), words.join(", "))))?,
            ),
        };
        let entries = match (hash, form) {
            (Some(hash), form) => Entries::hashed(of, hash, form),
            (None, None) => Entries::plain(of),
            (None, Some(_)) => return Err(bad("`form` says what was hashed, and there is no `hash`".into())),
        };
        Ok(Self { entries, is_hashed: hash.is_some(), digests: Vec::new(), taken: 0 })
    }

    /// Takes an entry: a value in clear, or hexadecimal digits where entries come hashed.
    ///
    /// # Errors
    /// `list.unfit` for a text that is neither, with its place and shape; `list.hash_of_empty` (rule 74).
    pub fn push(&mut self, text: &str) -> Result<(), Error> {
        let digest = self.entries.entry(text, self.is_hashed);
        let what = if self.is_hashed { self.entries.hash.as_str() } else { self.entries.of.as_str() };
        self.take(digest, || format!("no {what}: {}", RawValue::text(text).shape()))
    }

    /// Takes an entry that is the digest itself.
    ///
    /// # Errors
    /// `list.unfit` for bytes that are none, or where entries come in clear; `list.hash_of_empty` (rule 74).
    pub fn push_digest(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let digest = self.entries.hash.digest(bytes).filter(|_| self.is_hashed);
        let what = if self.is_hashed { self.entries.hash.as_str() } else { "digest, for no `hash` is named" };
        self.take(digest, || format!("{} bytes are no {what}", bytes.len()))
    }

    fn take(&mut self, digest: Option<ListDigest>, what: impl Fn() -> String) -> Result<(), Error> {
        self.taken += 1;
        let digest =
            digest.ok_or_else(|| Error::new(Code::ListUnfit, format!("entry {} is none: {}", self.taken, what())))?;
        if digest == self.entries.of_empty() {
            return Err(Error::new(Code::ListHashOfEmpty, format!("entry {}", self.taken)));
        }
        self.digests.push(digest);
        Ok(())
    }

    /// The list. Without a `version` it is the first 16 hex digits of a checksum over the entries.
    ///
    /// # Errors
    /// `list.unfit` for a version that is empty or longer than 64 bytes.
    pub fn finish(self, version: Option<String>, made_at: Option<Timestamp>) -> Result<MemoryList, Error> {
        if version.as_ref().is_some_and(|version| version.is_empty() || version.len() > super::writer::NAME) {
            return Err(Error::new(Code::ListUnfit, "a version has 1 to 64 bytes"));
        }
        let list = MemoryList::new(self.entries, "", self.digests).with_made_at(made_at);
        let version = version.unwrap_or_else(|| {
            let mut sum = Sha256::new();
            list.digests().for_each(|digest| sum.update(digest.as_bytes()));
            hex(&sum.finalize()).chars().take(16).collect()
        });
        Ok(list.with_version(version))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lists::SuppressionList as _;

    fn code(built: Result<(), Error>) -> &'static str {
        built.unwrap_err().code().as_str()
    }

    #[test]
    fn rule_075_an_entry_that_cannot_be_read_ends_the_list_and_is_not_shown() {
        let mut builder = ListBuilder::named("email", None, None).unwrap();
        builder.push("jane@example.com").unwrap();
        let error = builder.push("jane at example").unwrap_err();
        assert!(error.to_string().contains("entry 2 is none: no email: aaaa aa aaaaaaa"), "{error}");
        assert_eq!(code(builder.push("")), "list.unfit");
        let mut hashed = ListBuilder::named("phone", Some("md5"), Some("digits")).unwrap();
        assert_eq!(code(hashed.push("13125550100")), "list.unfit");
        assert_eq!(code(hashed.push_digest(&[0; 20])), "list.unfit");
        assert_eq!(code(builder.push_digest(&[0; 32])), "list.unfit");
    }

    #[test]
    fn rule_074_the_hash_of_an_empty_text_is_refused() {
        for hash in ["md5", "sha1", "sha256"] {
            let mut builder = ListBuilder::named("email", Some(hash), None).unwrap();
            let empty = hash.parse::<ListHash>().unwrap().of("");
            assert_eq!(code(builder.push(&empty.to_string())), "list.hash_of_empty");
            assert_eq!(code(builder.push_digest(empty.as_bytes())), "list.hash_of_empty");
        }
    }

    #[test]
    fn the_version_goes_by_the_entries_and_not_by_their_order() {
        let of = |phones: [&str; 3]| {
            let mut builder = ListBuilder::named("phone", None, None).unwrap();
            phones.iter().for_each(|phone| builder.push(phone).unwrap());
            builder.finish(None, None).unwrap().about()
        };
        let one = of(["312-555-0100", "312-555-0101", "(312) 555-0100"]);
        assert_eq!(one, of(["312-555-0101", "312-555-0100", "312-555-0101"]));
        assert_eq!((one.count, one.version.len()), (Some(2), 16));
        assert_ne!(one.version, of(["312-555-0101", "312-555-0100", "312-555-0102"]).version);
    }

    #[test]
    fn words_that_nobody_knows() {
        for (of, hash, form) in [
            ("phones", None, None),
            ("phone", Some("sha3"), None),
            ("phone", Some("md5"), Some("lower")),
            ("phone", None, Some("e164")),
        ] {
            let error = ListBuilder::named(of, hash, form).unwrap_err();
            assert_eq!(error.code(), Code::InputBadOption, "{of} {hash:?} {form:?}");
        }
    }
}
