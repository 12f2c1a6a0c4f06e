//! What needs no plan, no store and no engine. Every answer is JSON.

use crate::answers::{Many, joined};
use crate::fault::{fault, guarded};
use leadwright::address::canonicalize_json;
use leadwright::field::check_line;
use leadwright::model::{Code, Error, Timestamp};
use leadwright_cli::Streams;
use napi::bindgen_prelude::{AsyncTask, Buffer};
use napi::{Env, Result, Task};
use napi_derive::napi;
use std::io::{BufWriter, IsTerminal as _, Write as _};

/// Reads an address, given as any JSON value.
#[napi]
pub fn canonicalize_address(address: String) -> Result<Buffer> {
    guarded(|| Ok(serde_json::to_vec(&canonicalize_json(address.as_bytes())).unwrap_or_default().into()))
}

/// Standard lines in the letters that people read.
#[napi]
pub fn title_case(lines: Vec<String>) -> Result<Vec<String>> {
    guarded(|| Ok(leadwright::address::title_case(&lines)))
}

/// Reads many addresses off the event loop: lines of JSON values in, all answers in one piece out.
#[napi]
pub fn canonicalize_addresses(addresses: String, threads: u32) -> Result<AsyncTask<Addresses>> {
    guarded(|| Ok(AsyncTask::new(Addresses { addresses, threads: usize::try_from(threads).unwrap_or(1) })))
}

/// Addresses that are to be read.
pub struct Addresses {
    addresses: String,
    threads: usize,
}

impl Task for Addresses {
    type Output = (Vec<u8>, Vec<u32>);
    type JsValue = Many;

    fn compute(&mut self) -> Result<Self::Output> {
        guarded(|| {
            let lines: Vec<&str> = self.addresses.lines().collect();
            Ok(joined(leadwright_cli::canonicalize_addresses(&lines, self.threads)))
        })
    }

    fn resolve(&mut self, _: Env, output: Self::Output) -> Result<Many> {
        Ok(output.into())
    }
}

/// Checks one value: a line of `leadwright field` in, its answer out.
#[napi]
pub fn check_field(line: String) -> Result<Buffer> {
    guarded(|| Ok(check_line(line.as_bytes(), 1).into()))
}

/// RFC 3339 as epoch milliseconds.
#[napi]
pub fn millis(text: String) -> Result<i64> {
    guarded(|| {
        let at = text.parse::<Timestamp>();
        at.map(Timestamp::millis).map_err(|error| fault(&Error::new(Code::InputBadOption, format!("`now`: {error}"))))
    })
}

/// Runs the command `leadwright`, and gives its exit code.
#[napi]
pub fn run(args: Vec<String>) -> Result<u32> {
    guarded(|| {
        let mut out = BufWriter::new(std::io::stdout().lock());
        let mut err = std::io::stderr();
        let is_terminal = err.is_terminal();
        let mut input = std::io::stdin().lock();
        let mut streams = Streams { input: &mut input, out: &mut out, err: &mut err, is_terminal };
        let code = leadwright_cli::run(args, &mut streams);
        // A reader that went away has had what it wanted.
        let _ = out.flush();
        Ok(code.into())
    })
}

/// Panics, so that a test can see what becomes of it.
#[napi]
pub fn panic_for_test() -> Result<()> {
    #[allow(clippy::panic, reason = "it is what the test is about")]
    guarded(|| panic!("what a panic says may quote a lead: 555-0100"))
}
