//! The two ends of a stream: a file each, or standard input and output.

use crate::Streams;
use crate::args::Stream;
use crate::packed::unpacked;
use crate::records::Records;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, ErrorKind, Write};
use std::path::Path;

/// Opens both ends and runs `work` on them. Errors name the file.
pub(crate) fn with_ends<T>(
    args: &Stream,
    streams: &mut Streams<'_>,
    work: impl FnOnce(&mut Records<'_>, &mut Output<'_>) -> Result<T, String>,
) -> Result<T, String> {
    let failed = |path: &Path, error: io::Error| format!("{}: {error}", path.display());
    if args.is_parquet() {
        let records = Records::parquet(&args.input).map_err(|error| failed(&args.input, error))?;
        return with_output(args, streams.out, records, work);
    }
    let mut file;
    let reader: &mut dyn BufRead = if is_dash(&args.input) {
        streams.input
    } else {
        file = BufReader::new(File::open(&args.input).map_err(|error| failed(&args.input, error))?);
        &mut file
    };
    let mut reader = unpacked(reader, &args.input).map_err(|error| failed(&args.input, error))?;
    let records = match args.is_csv() {
        true => Records::csv(&mut *reader).map_err(|error| failed(&args.input, error))?,
        false => Records::jsonl(&mut *reader),
    };
    with_output(args, streams.out, records, work)
}

fn with_output<T>(
    args: &Stream,
    out: &mut dyn Write,
    mut records: Records<'_>,
    work: impl FnOnce(&mut Records<'_>, &mut Output<'_>) -> Result<T, String>,
) -> Result<T, String> {
    if is_dash(&args.output) {
        return finish(&mut Output::new(out), |out| work(&mut records, out));
    }
    let name = args.output.display();
    if same_file(&args.input, &args.output) {
        return Err(format!("{name}: this is the input; write to another file"));
    }
    let mut writer = BufWriter::new(File::create(&args.output).map_err(|error| format!("{name}: {error}"))?);
    finish(&mut Output::new(&mut writer), |out| work(&mut records, out))
}

fn finish<'a, T>(out: &mut Output<'a>, work: impl FnOnce(&mut Output<'a>) -> Result<T, String>) -> Result<T, String> {
    let done = work(out)?;
    out.flush()?;
    Ok(done)
}

/// Where answers go. A reader that went away has had what it wanted: writing on is no failure.
pub(crate) struct Output<'a> {
    writer: &'a mut dyn Write,
    closed: bool,
}

impl<'a> Output<'a> {
    pub(crate) fn new(writer: &'a mut dyn Write) -> Self {
        Self { writer, closed: false }
    }

    pub(crate) fn line(&mut self, line: &[u8]) -> Result<(), String> {
        self.try_to(|writer| writer.write_all(line).and_then(|()| writer.write_all(b"\n")))
    }

    pub(crate) fn flush(&mut self) -> Result<(), String> {
        self.try_to(|writer| writer.flush())
    }

    /// Whether nobody reads any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed
    }

    fn try_to(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), String> {
        if self.closed {
            return Ok(());
        }
        match write(self.writer) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            result => result.map_err(|error| format!("the output: {error}")),
        }
    }
}

fn is_dash(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Creating the output would empty the input.
pub(crate) fn same_file(input: &Path, output: &Path) -> bool {
    matches!((input.canonicalize(), output.canonicalize()), (Ok(a), Ok(b)) if a == b)
}
