//! One line out for each line in, in the same order.

use crate::args::Stream;
use crate::ends::{Output, with_ends};
use crate::records::{Record, Records};
use crate::{Exit, Streams};
use leadwright::model::Problem;

/// What makes the line that answers a line.
pub(crate) type Answer = dyn Fn(&[u8], u64) -> Vec<u8>;

/// Answers every line of a file or of standard input.
pub(crate) fn run(args: &Stream, streams: &mut Streams<'_>, what: &str, answer: &Answer) -> Exit {
    match with_ends(args, streams, |records, out| pump(records, out, answer)) {
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

fn pump(records: &mut Records<'_>, out: &mut Output<'_>, answer: &Answer) -> Result<Tally, String> {
    let mut tally = Tally::default();
    while let Some((number, record)) = records.next().map_err(|error| format!("after line {}: {error}", tally.lines))? {
        let line = match record {
            Record::Json(line) => answer(&line, number),
            Record::Bad(problem) => refusal(number, &problem),
        };
        tally.lines += 1;
        tally.errors += u64::from(has_error(&line));
        out.line(&line)?;
        if out.is_closed() {
            break;
        }
    }
    Ok(tally)
}

fn refusal(number: u64, problem: &Problem) -> Vec<u8> {
    let problem = serde_json::to_string(problem).unwrap_or_default();
    format!(r#"{{"id":null,"line":{number},"valid":false,"problems":[{problem}]}}"#).into_bytes()
}

/// Whether an answer tells of an error. Only problems have a severity, and the quotes of a text inside a value are
/// escaped, so the words cannot be met elsewhere.
pub(crate) fn has_error(answer: &[u8]) -> bool {
    let word = br#""severity":"error""#;
    answer.windows(word.len()).any(|window| window == word)
}
