//! Rows of a Parquet file, one group after the other.

mod column;

use crate::records::Record;
use column::{Kind, kind, value};
use leadwright::model::limits::LINE_BYTES;
use leadwright::model::{Code, Problem, RawMap, RawValue, write_raw};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::file::serialized_reader::ReadOptionsBuilder;
use parquet::record::reader::RowIter;
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};

/// The rows, counted from 1.
pub(crate) struct RowGroups {
    path: PathBuf,
    columns: Vec<(String, Kind)>,
    /// How many rows each group has.
    groups: Vec<u64>,
    rows: RowIter<'static>,
    number: u64,
}

impl RowGroups {
    /// Opens a file.
    ///
    /// # Errors
    /// It is no Parquet file, or has a column that no lead has: then nothing of it is read.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let reader = SerializedFileReader::new(File::open(path)?).map_err(|error| as_io(&error))?;
        let metadata = reader.metadata();
        let fields = metadata.file_metadata().schema_descr().root_schema().get_fields();
        let columns = fields.iter().map(|column| kind(column).map(|kind| (column.name().to_owned(), kind)));
        let columns = columns.collect::<Result<_, _>>().map_err(|problem| refused(&problem))?;
        let groups = metadata.row_groups().iter().map(|group| u64::try_from(group.num_rows()).unwrap_or(0)).collect();
        Ok(Self { path: path.to_owned(), columns, groups, rows: reader.into_iter(), number: 0 })
    }

    pub(crate) fn header(&self) -> Vec<&str> {
        self.columns.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// A hash over the whole file. It does not grow as others do, so it is the same or another one.
    pub(crate) fn hash(&self) -> io::Result<String> {
        let (mut file, mut sha) = (File::open(&self.path)?, Sha256::new());
        let mut part = vec![0; 1 << 20];
        loop {
            match file.read(&mut part)? {
                0 => break,
                read => sha.update(part.get(..read).unwrap_or_default()),
            }
        }
        Ok(sha.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Goes on behind so many rows. Groups that are wholly among them are not looked at.
    pub(crate) fn skip(&mut self, rows: u64) -> io::Result<()> {
        let (mut whole, mut before) = (0, 0);
        while let Some(group) = self.groups.get(whole).filter(|group| before + **group <= rows) {
            before += group;
            whole += 1;
        }
        let options = ReadOptionsBuilder::new().with_predicate(Box::new(move |_, group| group >= whole)).build();
        let reader = SerializedFileReader::new_with_options(File::open(&self.path)?, options);
        self.rows = reader.map_err(|error| as_io(&error))?.into_iter();
        self.number = before;
        while self.number < rows && self.next()?.is_some() {}
        Ok(())
    }

    pub(crate) fn next(&mut self) -> io::Result<Option<(u64, Record)>> {
        let Some(row) = self.rows.next() else { return Ok(None) };
        let row = row.map_err(|error| as_io(&error))?;
        self.number += 1;
        let columns = self.columns.iter().zip(row.get_column_iter());
        let columns = columns.filter(|((name, _), _)| !name.is_empty());
        let map = columns.filter_map(|((name, kind), (_, field))| Some((name.clone(), value(*kind, field)?)));
        let line = write_raw(&RawValue::Object(RawMap(map.collect())));
        Ok(Some((
            self.number,
            match line.len() > LINE_BYTES {
                true => Record::Bad(Problem::new(Code::InputLineTooLong, "")),
                false => Record::Json(line.into()),
            },
        )))
    }
}

fn refused(problem: &Problem) -> io::Error {
    let Problem { code, path, .. } = problem;
    let (shape, expected) = (problem.shape.as_deref(), problem.expected.as_deref());
    let (shape, expected) = (shape.unwrap_or_default(), expected.unwrap_or_default());
    let (text, remedy) = (code.text(), code.remedy());
    let what = format!("{code} at {path}: {text}: it is {shape}, and {expected} was expected; {remedy}");
    io::Error::new(ErrorKind::InvalidData, what)
}

/// The texts of the library may quote what it read, and are not passed on.
fn as_io(error: &ParquetError) -> io::Error {
    let what = match error {
        ParquetError::EOF(_) => "the file ends too early",
        ParquetError::NYI(_) => "the file is packed or written in a way that is not known here",
        _ => "this is no Parquet file, or it is damaged",
    };
    io::Error::new(ErrorKind::InvalidData, what)
}
