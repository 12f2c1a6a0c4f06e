//! What is generated from the core: JSON Schemas, TypeScript and Python types, the pages of codes.

use crate::paths::Paths;
use crate::process;

/// Writes them anew; `cargo xtask ci` fails when they differ from what is committed.
pub(crate) fn run(paths: &Paths) -> Result<(), String> {
    if !paths.has_package("tools/schema") {
        return Err("there is no tools/schema to generate with".into());
    }
    process::run(process::cargo(paths).args(["run", "--quiet", "--package", "leadwright-schema"]))
}
