//! What needs no plan, no store and no engine. Every answer is JSON.

use crate::fault::{fault, guarded};
use crate::input::{Json, bytes};
use leadwright::address::canonicalize_json;
use leadwright::field::check_line;
use leadwright::model::{Code, Error, Timestamp};
use leadwright::schema::Schema;
use leadwright::validate::{ValidateOptions, validate_json};
use leadwright_cli::Streams;
use napi::bindgen_prelude::{AsyncTask, Buffer, Uint32Array};
use napi::{Env, Result, Task};
use napi_derive::napi;
use std::io::{BufWriter, IsTerminal as _, Write as _};

/// Validates a lead against a schema of the catalogue.
#[napi]
pub fn validate(lead: Json<'_>, schema: String, options: String) -> Result<Buffer> {
    guarded(|| {
        let options = ValidateOptions::from_json(options.as_bytes()).map_err(|error| fault(&error))?;
        let named = Schema::named(&schema).ok_or_else(|| {
            let known = Schema::catalogue().collect::<Vec<_>>().join(", ");
            fault(&Error::new(Code::InputBadOption, format!("there is no schema `{schema}`; there are {known}")))
        })?;
        let valid = validate_json(bytes(&lead), &named, &options);
        Ok(serde_json::to_vec(&valid).unwrap_or_default().into())
    })
}

/// Reads an address, given as any JSON value.
#[napi]
pub fn canonicalize_address(address: String) -> Result<Buffer> {
    guarded(|| Ok(serde_json::to_vec(&canonicalize_json(address.as_bytes())).unwrap_or_default().into()))
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

/// Many answers in one piece.
#[napi(object, object_from_js = false)]
pub struct AddressAnswers {
    /// All answers as JSON, one after the other.
    pub bytes: Buffer,
    /// Where each ends.
    pub ends: Uint32Array,
}

impl Task for Addresses {
    type Output = (Vec<u8>, Vec<u32>);
    type JsValue = AddressAnswers;

    fn compute(&mut self) -> Result<Self::Output> {
        guarded(|| {
            let lines: Vec<&str> = self.addresses.lines().collect();
            let (mut bytes, mut ends) = (Vec::new(), Vec::with_capacity(lines.len()));
            for answer in leadwright_cli::canonicalize_addresses(&lines, self.threads) {
                bytes.extend(answer);
                ends.push(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
            }
            Ok((bytes, ends))
        })
    }

    fn resolve(&mut self, _: Env, (bytes, ends): Self::Output) -> Result<AddressAnswers> {
        Ok(AddressAnswers { bytes: bytes.into(), ends: ends.into() })
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
