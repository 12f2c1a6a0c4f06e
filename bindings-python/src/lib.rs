//! The native half of the Python package: it converts values and hands them on. No decision is made here.

mod buyers;
mod delivery;
mod engine;
mod events;
mod fault;
mod gate;
mod input;
mod lists;
mod messages;
mod opened;
mod parity;
mod plain;
mod plan;
mod pure;
mod snapshot;
mod validate;
mod values;

use pyo3::prelude::*;

/// As in the command: a decision is many small pieces. Python's own values stay in Python's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The module `leadwright._leadwright`.
#[pymodule(gil_used = false)]
mod _leadwright {
    use super::*;

    #[pymodule_export]
    use super::buyers::{Buyers, ask};
    #[pymodule_export]
    use super::delivery::{outcome_of, request_of, run_delivery, verify_webhook};
    #[pymodule_export]
    use super::engine::{Engine, Resting};
    #[pymodule_export]
    use super::events::Subscription;
    #[pymodule_export]
    use super::gate::{Backlog, Gate, to_json};
    #[pymodule_export]
    use super::lists::SuppressionList;
    #[pymodule_export]
    use super::messages::Messages;
    #[pymodule_export]
    use super::parity::{Parity, Stage, bucket, compare};
    #[pymodule_export]
    use super::plan::Plan;
    #[pymodule_export]
    use super::pure::{
        canonicalize_address, canonicalize_addresses, check_field, panic_for_test, run, title_case, to_line,
    };
    #[pymodule_export]
    use super::snapshot::Snapshot;
    #[pymodule_export]
    use super::validate::{Validator, redact_text, redact_validation};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
