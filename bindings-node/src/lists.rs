//! Suppression lists.

use crate::fault::{fault, guarded};
use leadwright::lists::ListBuilder;
use leadwright_cli::GivenList;
use napi::bindgen_prelude::{AsyncTask, Either, Uint8Array};
use napi::{Env, Result, Task};
use napi_derive::napi;
use std::path::{Path, PathBuf};

/// A list of who must not be sold.
#[napi]
pub struct SuppressionList {
    pub(crate) inner: GivenList,
}

#[napi]
impl SuppressionList {
    /// Opens a compiled file.
    #[napi(factory)]
    pub fn open(path: String) -> Result<Self> {
        guarded(|| Ok(Self { inner: GivenList::open(Path::new(&path)).map_err(|error| fault(&error))? }))
    }

    /// Whether a value in clear is on it.
    #[napi]
    pub fn holds(&self, value: String) -> Result<bool> {
        guarded(|| self.inner.holds(&value).map_err(|error| fault(&error)))
    }

    /// What it says about itself, as JSON.
    #[napi]
    pub fn about(&self) -> Result<String> {
        guarded(|| Ok(self.inner.about_json()))
    }

    /// Writes a list that is in memory as a compiled file.
    #[napi]
    pub fn write(&self, path: String, id: String) -> Result<()> {
        guarded(|| self.inner.write(Path::new(&path), &id).map_err(|error| fault(&error)))
    }
}

/// Opens a compiled file off the event loop: all of it is read once.
#[napi]
pub fn open_list(path: String) -> Result<AsyncTask<Open>> {
    guarded(|| Ok(AsyncTask::new(Open { path: path.into() })))
}

/// A file that is to be opened.
pub struct Open {
    path: PathBuf,
}

impl Task for Open {
    type Output = GivenList;
    type JsValue = SuppressionList;

    fn compute(&mut self) -> Result<Self::Output> {
        guarded(|| GivenList::open(&self.path).map_err(|error| fault(&error)))
    }

    fn resolve(&mut self, _: Env, inner: Self::Output) -> Result<SuppressionList> {
        Ok(SuppressionList { inner })
    }
}

/// Gathers the entries of a list.
#[napi]
pub struct Entries {
    builder: Option<ListBuilder>,
}

#[napi]
impl Entries {
    /// By the words of a plan.
    #[napi(constructor)]
    pub fn new(of: String, hash: Option<String>, form: Option<String>) -> Result<Self> {
        guarded(|| {
            let builder = ListBuilder::named(&of, hash.as_deref(), form.as_deref()).map_err(|error| fault(&error))?;
            Ok(Self { builder: Some(builder) })
        })
    }

    /// Takes entries: texts, or digests as bytes.
    #[napi]
    pub fn push(&mut self, entries: Vec<Either<String, Uint8Array>>) -> Result<()> {
        guarded(|| {
            let Some(builder) = &mut self.builder else { return Ok(()) };
            let taken = entries.iter().try_for_each(|entry| match entry {
                Either::A(text) => builder.push(text),
                Either::B(digest) => builder.push_digest(digest),
            });
            taken.map_err(|error| fault(&error))
        })
    }

    /// The list. The entries are with it then.
    #[napi]
    pub fn list(&mut self, version: Option<String>, made_at: Option<String>) -> Result<SuppressionList> {
        guarded(|| {
            let builder = self.builder.take().ok_or_else(|| napi::Error::from_reason("the list was made"))?;
            let built = GivenList::built(builder, version, made_at.as_deref());
            Ok(SuppressionList { inner: built.map_err(|error| fault(&error))? })
        })
    }
}
