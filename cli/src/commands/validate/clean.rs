//! The cleaned file: good leads only, under the names of the schema.

use super::judge::Judge;
use crate::args::Stream;
use crate::ends::same_file;
use leadwright::model::Value;
use leadwright::redact::Redaction;
use leadwright::validate::{ValidatedLine, record};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

/// Bytes that nearly all leads have room in.
const USUAL_LEAD: usize = 1_024;

pub(super) struct Cleaned<'a> {
    judge: &'a Judge,
    name: String,
    writer: Writer,
}

enum Writer {
    Jsonl(BufWriter<File>),
    Csv {
        writer: Box<csv::Writer<File>>,
        columns: Vec<String>,
        /// Values without a column, by their names: only where no header said which there would be.
        left_out: BTreeMap<String, u64>,
    },
}

impl<'a> Cleaned<'a> {
    pub(super) fn create(
        path: &Path,
        stream: &Stream,
        judge: &'a Judge,
        how: &Redaction,
        header: Option<&[&str]>,
    ) -> Result<Self, String> {
        let name = path.display().to_string();
        if same_file(&stream.input, path) {
            return Err(format!("{name}: this is the input; write to another file"));
        }
        let is = |end: &str| path.extension().is_some_and(|found| found.eq_ignore_ascii_case(end));
        if !is("csv") && !is("jsonl") && !is("ndjson") {
            return Err(format!("{name}: a cleaned file is .csv or .jsonl"));
        }
        let file = File::create(path).map_err(|error| format!("{name}: {error}"))?;
        if same_file(&stream.output, path) {
            return Err(format!("{name}: the answers go there; write to another file"));
        }
        let writer = if is("csv") {
            let mut writer = Box::new(csv::Writer::from_writer(file));
            let columns = judge.columns(header, how);
            writer.write_record(&columns).map_err(|error| format!("{name}: {error}"))?;
            Writer::Csv { writer, columns, left_out: BTreeMap::new() }
        } else {
            Writer::Jsonl(BufWriter::new(file))
        };
        Ok(Self { judge, name, writer })
    }

    pub(super) fn add(&mut self, line: &ValidatedLine) -> Result<(), String> {
        let schema = self.judge.schema(&line.lead.schema).filter(|_| line.lead.valid);
        let Some(schema) = schema else { return Ok(()) };
        let members = record(&line.lead, line.envelope.as_ref(), schema);
        let written = match &mut self.writer {
            Writer::Jsonl(writer) => {
                let mut line = json(&members);
                line.push(b'\n');
                writer.write_all(&line).map_err(|error| error.to_string())
            }
            Writer::Csv { writer, columns, left_out } => {
                let mut row = vec![String::new(); columns.len()];
                for (name, value) in &members {
                    match columns.iter().zip(row.iter_mut()).find(|(column, _)| *column == name) {
                        Some((_, cell)) => *cell = text(value),
                        None => *left_out.entry(name.clone()).or_default() += 1,
                    }
                }
                writer.write_record(&row).map_err(|error| error.to_string())
            }
        };
        written.map_err(|error| format!("{}: {error}", self.name))
    }

    /// Ends the file; the values that had no column, by their names.
    pub(super) fn finish(self) -> Result<BTreeMap<String, u64>, String> {
        let (ended, left_out) = match self.writer {
            Writer::Jsonl(mut writer) => (writer.flush(), BTreeMap::new()),
            Writer::Csv { mut writer, left_out, .. } => (writer.flush(), left_out),
        };
        ended.map_err(|error| format!("{}: {error}", self.name))?;
        Ok(left_out)
    }
}

/// A lead as one object, its members in their order.
pub(crate) fn json(members: &[(String, Value)]) -> Vec<u8> {
    let mut json = Vec::with_capacity(USUAL_LEAD);
    json.push(b'{');
    for (at, (name, value)) in members.iter().enumerate() {
        if at > 0 {
            json.push(b',');
        }
        // Writing into memory does not fail.
        let _ = serde_json::to_writer(&mut json, name);
        json.push(b':');
        let _ = serde_json::to_writer(&mut json, value);
    }
    json.push(b'}');
    json
}

/// A cell: text as it is, all else as on the wire.
fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::List(_) | Value::Record(_) => serde_json::to_string(value).unwrap_or_default(),
        other => serde_json::to_string(other).unwrap_or_default().trim_matches('"').to_owned(),
    }
}
