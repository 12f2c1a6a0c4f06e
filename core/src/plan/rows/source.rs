//! The files of the plan with those that the tables stand for.

use super::super::resolve::Resolver;
use crate::model::Error;
use std::collections::BTreeMap;

/// The base with lists from tables in the place of their files.
pub(super) struct Overlay<'a, R: ?Sized> {
    pub(super) base: &'a R,
    /// By the names that the resolver is asked for.
    pub(super) lists: BTreeMap<String, String>,
}

impl<R: Resolver + ?Sized> Resolver for Overlay<'_, R> {
    fn read(&self, name: &str) -> Result<Vec<u8>, Error> {
        match self.lists.get(name) {
            Some(text) => Ok(text.clone().into_bytes()),
            None => self.base.read(name),
        }
    }

    fn expand(&self, pattern: &str) -> Result<Vec<String>, Error> {
        self.base.expand(pattern)
    }
}
