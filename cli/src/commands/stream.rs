//! One line out for each line in, in the same order.

use crate::args::Stream;
use crate::lines::{Line, Lines};
use crate::{Exit, Streams};
use leadwright::model::{Code, Problem};
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, ErrorKind, Write};
use std::path::Path;

/// What makes the line that answers a line.
pub(crate) type Answer = dyn Fn(&[u8], u64) -> Vec<u8>;

/// Answers every line of a file or of standard input.
pub(crate) fn run(args: &Stream, streams: &mut Streams<'_>, what: &str, answer: &Answer) -> Exit {
    match try_run(&args.input, &args.output, streams, answer) {
        Ok(tally) => {
            let Tally { lines, errors } = tally;
            let _ = writeln!(streams.err, "{lines} {what}, {errors} with an error");
            if args.strict && errors > 0 { Exit::Findings } else { Exit::Ok }
        }
        Err(message) => {
            let _ = writeln!(streams.err, "leadwright: {message}");
            Exit::Input
        }
    }
}

#[derive(Default)]
struct Tally {
    lines: u64,
    errors: u64,
}

fn try_run(input: &Path, output: &Path, streams: &mut Streams<'_>, answer: &Answer) -> Result<Tally, String> {
    let failed = |path: &Path, error: io::Error| format!("{}: {error}", path.display());
    let mut file;
    let reader: &mut dyn BufRead = if is_dash(input) {
        streams.input
    } else {
        file = BufReader::new(File::open(input).map_err(|error| failed(input, error))?);
        &mut file
    };
    if is_dash(output) {
        return pump(reader, streams.out, answer);
    }
    if same_file(input, output) {
        return Err(format!("{}: this is the input; write to another file", output.display()));
    }
    let mut writer = BufWriter::new(File::create(output).map_err(|error| failed(output, error))?);
    pump(reader, &mut writer, answer)
}

fn is_dash(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Creating the output would empty the input.
fn same_file(input: &Path, output: &Path) -> bool {
    matches!((input.canonicalize(), output.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

fn pump(reader: &mut dyn BufRead, writer: &mut dyn Write, answer: &Answer) -> Result<Tally, String> {
    let mut lines = Lines::new(reader);
    let mut tally = Tally::default();
    loop {
        let mut out = match lines.next().map_err(|error| format!("after line {}: {error}", tally.lines))? {
            None => break,
            Some((number, Line::Whole(line))) => answer(line, number),
            Some((number, Line::TooLong)) => too_long(number),
        };
        tally.lines += 1;
        tally.errors += u64::from(has_error(&out));
        out.push(b'\n');
        match writer.write_all(&out) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(tally),
            result => result.map_err(|error| format!("the output: {error}"))?,
        }
    }
    match writer.flush() {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(format!("the output: {error}")),
        _ => Ok(tally),
    }
}

fn too_long(number: u64) -> Vec<u8> {
    let problem = serde_json::to_string(&Problem::new(Code::InputLineTooLong, "")).unwrap_or_default();
    format!(r#"{{"id":null,"line":{number},"valid":false,"problems":[{problem}]}}"#).into_bytes()
}

/// Whether an answer tells of an error. Only problems have a severity, and the quotes of a text inside a value are
/// escaped, so the words cannot be met elsewhere.
fn has_error(answer: &[u8]) -> bool {
    let word = br#""severity":"error""#;
    answer.windows(word.len()).any(|window| window == word)
}
