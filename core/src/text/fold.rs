//! Texts of ASCII, as nearly all are, folded without taking memory where nothing changes.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// The text in small letters, as `to_lowercase` has it.
pub(crate) fn lowered(text: &str) -> Cow<'_, str> {
    if !text.is_ascii() {
        return Cow::Owned(text.to_lowercase());
    }
    match text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(text.to_ascii_lowercase()),
        false => Cow::Borrowed(text),
    }
}

/// The text in its compatibility composition (NFKC): full-width digits and the like are the plain ones.
pub(crate) fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(text.nfkc().collect()) }
}
