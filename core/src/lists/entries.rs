//! What the entries of a list are: of which kind, in which normal form, under which hash.

use super::hash::{ListDigest, ListHash};
use crate::field::{FieldKind, FieldOptions, check};
use crate::model::{RawValue, Value};
use std::borrow::Cow;
use std::str::FromStr;

/// What a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListOf {
    /// Phones.
    Phone,
    /// Email addresses.
    Email,
    /// Anything else, compared as it is written in canonical leads.
    Other,
}

impl ListOf {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            ListOf::Phone => "phone",
            ListOf::Email => "email",
            ListOf::Other => "other",
        }
    }

    /// The forms that values of this kind are hashed in.
    pub fn forms(self) -> &'static [Form] {
        match self {
            ListOf::Phone => &[Form::E164, Form::Digits, Form::National],
            ListOf::Email => &[Form::Lower, Form::Gmail],
            ListOf::Other => &[Form::Plain],
        }
    }
}

impl FromStr for ListOf {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        [ListOf::Phone, ListOf::Email, ListOf::Other].into_iter().find(|of| of.as_str() == word).ok_or(())
    }
}

/// The normal form that was hashed. Two lists of the same people in different forms have no digest in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// `+13125550100`, as leads have it (Google).
    E164,
    /// `13125550100`: the same without `+` (Meta, Snap).
    Digits,
    /// `3125550100`: the ten digits of North America. Numbers of elsewhere have no such form.
    National,
    /// `jane.doe@example.com`: small letters, no space around it.
    Lower,
    /// The same; of Gmail addresses without the dots, and also without what follows a `+` (Google).
    Gmail,
    /// The value as canonical leads have it.
    Plain,
}

impl Form {
    /// The name on the wire and in plans.
    pub fn as_str(self) -> &'static str {
        match self {
            Form::E164 => "e164",
            Form::Digits => "digits",
            Form::National => "national",
            Form::Lower => "lower",
            Form::Gmail => "gmail",
            Form::Plain => "plain",
        }
    }

    /// The texts that a canonical value may have been hashed as.
    fn texts(self, value: &str) -> Vec<Cow<'_, str>> {
        let bare = value.strip_prefix('+').unwrap_or(value);
        match self {
            Form::E164 | Form::Plain => vec![value.into()],
            Form::Digits => vec![bare.into()],
            Form::National => bare.strip_prefix('1').filter(|ten| ten.len() == 10).map(Cow::from).into_iter().collect(),
            Form::Lower => vec![value.trim().to_lowercase().into()],
            Form::Gmail => gmail(&value.trim().to_lowercase()),
        }
    }
}

/// Google drops the dots of Gmail addresses, and in newer instructions what follows a plus too: both are meant.
fn gmail(address: &str) -> Vec<Cow<'static, str>> {
    let at_gmail = |(_, host): &(&str, &str)| matches!(*host, "gmail.com" | "googlemail.com");
    let Some((local, host)) = address.rsplit_once('@').filter(at_gmail) else { return vec![address.to_owned().into()] };
    let dotless = local.replace('.', "");
    let mut texts = vec![format!("{dotless}@{host}").into()];
    if let Some((before, _)) = dotless.split_once('+') {
        texts.push(format!("{before}@{host}").into());
    }
    texts
}

impl FromStr for Form {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        let all = [Form::E164, Form::Digits, Form::National, Form::Lower, Form::Gmail, Form::Plain];
        all.into_iter().find(|form| form.as_str() == word).ok_or(())
    }
}

/// What the entries of a list are.
///
/// ```
/// use leadwright::lists::{Entries, Form, ListHash, ListOf};
/// let hashed = Entries::hashed(ListOf::Phone, ListHash::Sha256, Some(Form::National));
/// assert_eq!(hashed.digests("+13125550100"), [ListHash::Sha256.of("3125550100")]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entries {
    /// What they are of.
    pub of: ListOf,
    /// What they are hashed with.
    pub hash: ListHash,
    /// What was hashed. Where nobody said it: every form that is usual, as a list that is looked at in the wrong form
    /// only would pass everybody in silence.
    pub forms: Vec<Form>,
}

impl Entries {
    /// Entries that came in clear. They are kept as digests of the form that leads have.
    pub fn plain(of: ListOf) -> Self {
        let form = match of {
            ListOf::Phone => Form::E164,
            ListOf::Email => Form::Lower,
            ListOf::Other => Form::Plain,
        };
        Self { of, hash: ListHash::Sha256, forms: vec![form] }
    }

    /// Entries that came hashed, in the form that was declared.
    pub fn hashed(of: ListOf, hash: ListHash, form: Option<Form>) -> Self {
        let forms = form.map_or_else(|| of.forms().to_vec(), |form| vec![form]);
        Self { of, hash, forms }
    }

    /// The digests under which a canonical value may be on the list. An empty value is on none.
    pub fn digests(&self, value: &str) -> Vec<ListDigest> {
        let texts = self.forms.iter().flat_map(|form| form.texts(value));
        let mut digests: Vec<_> = texts.filter(|text| !text.is_empty()).map(|text| self.hash.of(&text)).collect();
        digests.dedup();
        digests
    }

    /// The digest of an entry as it stands in a file: a hash in hexadecimal digits, or a value in clear that is brought
    /// into the form of canonical leads. None where it is neither.
    ///
    /// ```
    /// use leadwright::lists::{Entries, ListOf};
    /// let entries = Entries::plain(ListOf::Phone);
    /// assert_eq!(entries.entry(" (312) 555-0100 ", false), entries.entry("+13125550100", false));
    /// assert!(entries.entry("nobody", false).is_none());
    /// ```
    pub fn entry(&self, text: &str, is_hashed: bool) -> Option<ListDigest> {
        let text = text.trim();
        if is_hashed {
            return self.hash.parse_hex(text);
        }
        self.digests(&self.canonical(text)?).first().copied()
    }

    /// A value as canonical leads have it.
    pub fn canonical(&self, text: &str) -> Option<String> {
        let kind = match self.of {
            ListOf::Phone => FieldKind::Phone,
            ListOf::Email => FieldKind::Email,
            ListOf::Other => return Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        };
        let checked = check(kind, &RawValue::text(text), "", &FieldOptions::default());
        checked.value.as_ref().and_then(Value::as_text).map(str::to_owned)
    }

    /// The digest that every lead without the field would have (rule 74).
    pub fn of_empty(&self) -> ListDigest {
        self.hash.of("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(form: Form, value: &str) -> Vec<String> {
        form.texts(value).into_iter().map(Cow::into_owned).collect()
    }

    #[test]
    fn rule_074_the_form_that_is_hashed_is_one_of_those_in_use() {
        assert_eq!(texts(Form::E164, "+13125550100"), ["+13125550100"]);
        assert_eq!(texts(Form::Digits, "+13125550100"), ["13125550100"]);
        assert_eq!(texts(Form::National, "+13125550100"), ["3125550100"]);
        assert_eq!(texts(Form::Digits, "+442071838750"), ["442071838750"]);
        assert!(texts(Form::National, "+442071838750").is_empty());
        assert_eq!(texts(Form::Lower, " Jane.Doe@Example.com"), ["jane.doe@example.com"]);
        assert_eq!(texts(Form::Gmail, "Jane.Doe@example.com"), ["jane.doe@example.com"]);
        assert_eq!(texts(Form::Gmail, "J.Doe+x@Gmail.com"), ["jdoe+x@gmail.com", "jdoe@gmail.com"]);
    }

    #[test]
    fn a_list_whose_form_nobody_declared_is_asked_in_every_form() {
        let entries = Entries::hashed(ListOf::Phone, ListHash::Md5, None);
        for text in ["+13125550100", "13125550100", "3125550100"] {
            assert!(entries.digests("+13125550100").contains(&ListHash::Md5.of(text)), "{text}");
        }
        assert!(entries.digests("").is_empty());
    }
}
