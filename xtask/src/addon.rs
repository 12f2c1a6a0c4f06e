//! The Node addon for release.

use crate::paths::Paths;
use crate::{bindings, process};

/// Builds it, puts it in place, and prints its size.
pub(crate) fn run(paths: &Paths) -> Result<(), String> {
    if !paths.has_package("bindings-node") {
        return Err("there is no Node binding to build".into());
    }
    let place = bindings::node(paths, "release")?;
    let size = place.metadata().map_err(process::file_error(&place))?.len();
    println!("{}: {size} bytes", place.display());
    Ok(())
}
