//! Suppression lists for the bindings: a compiled file, or entries held in memory.

use leadwright::lists::SuppressionList;
use leadwright::lists::{Entries, ListAbout, ListBuilder, ListFile, ListHeader, ListWriter, MemoryList, OpenFile};
use leadwright::model::{Code, Error, RawValue, Timestamp};
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;

/// A list that an engine can be given.
#[derive(Clone)]
pub struct GivenList {
    list: Arc<dyn SuppressionList>,
    entries: Entries,
    /// The entries, where they are in memory.
    held: Option<Arc<MemoryList>>,
}

impl GivenList {
    /// Opens a file of `leadwright list build`. Reads all of it once.
    ///
    /// # Errors
    /// `list.damaged`, `list.hash_of_empty`, `list.io`.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let file = ListFile::open(OpenFile::open(path)?)?;
        let entries = file.header().entries.clone();
        Ok(Self { list: Arc::new(file), entries, held: None })
    }

    /// The list of a builder, with the words for its version and the time it was made at.
    ///
    /// # Errors
    /// `list.unfit` for a version that is none, `input.bad_option` for a time that is none.
    pub fn built(builder: ListBuilder, version: Option<String>, made_at: Option<&str>) -> Result<Self, Error> {
        let bad = |error| Error::new(Code::InputBadOption, format!("`made_at`: {error}"));
        let made_at = made_at.map(str::parse::<Timestamp>).transpose().map_err(bad)?;
        let list = Arc::new(builder.finish(version, made_at)?);
        let entries = list.entries().clone();
        Ok(Self { list: list.clone(), entries, held: Some(list) })
    }

    /// What [`Engine::set_list`](leadwright::engine::Engine::set_list) takes.
    pub fn shared(&self) -> Arc<dyn SuppressionList> {
        self.list.clone()
    }

    /// Whether a value in clear is on it.
    ///
    /// # Errors
    /// `list.unfit` for what is no value of its kind; `list.io`, `list.damaged`.
    pub fn holds(&self, value: &str) -> Result<bool, Error> {
        let no_value = || {
            let (what, shape) = (self.entries.of.as_str(), RawValue::text(value).shape());
            Error::new(Code::ListUnfit, format!("no {what}: {shape}"))
        };
        self.list.holds(&self.entries.canonical(value).ok_or_else(no_value)?)
    }

    /// What it says about itself, as JSON.
    pub fn about_json(&self) -> String {
        let ListAbout { version, count, made_at, .. } = self.list.about();
        let forms: Vec<&str> = self.entries.forms.iter().map(|form| form.as_str()).collect();
        serde_json::json!({
            "version": version,
            "count": count,
            "made_at": made_at.map(|at| at.to_string()),
            "of": self.entries.of.as_str(),
            "hash": self.entries.hash.as_str(),
            "forms": forms,
        })
        .to_string()
    }

    /// Writes it as a compiled file, under a name of its own. Written beside the goal and renamed, so that nobody ever
    /// opens half a list.
    ///
    /// # Errors
    /// `list.unfit` for a list that is a file already, or an id that is none; `list.io`.
    pub fn write(&self, path: &Path, id: &str) -> Result<(), Error> {
        let unfit = || Error::new(Code::ListUnfit, "it is a compiled file already: copy that");
        let held = self.held.as_ref().ok_or_else(unfit)?;
        let about = held.about();
        let entries = self.entries.clone();
        let header = ListHeader { id: id.to_owned(), version: Some(about.version), made_at: about.made_at, entries };
        let failed = |error: std::io::Error| Error::new(Code::ListIo, format!("{}: {error}", path.display()));
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
        let mut writer = ListWriter::new(BufWriter::new(file), header)?;
        held.digests().try_for_each(|digest| writer.push(&digest).map(drop))?;
        let (file, _) = writer.finish()?;
        let file = file.into_inner().map_err(|error| failed(error.into_error()))?;
        file.as_file().sync_all().map_err(failed)?;
        file.persist(path).map(drop).map_err(|error| failed(error.error))
    }
}
