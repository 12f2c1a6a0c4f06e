//! Files made from the core are as the core would make them now.

use std::path::PathBuf;

#[test]
fn the_schema_of_the_plan_is_up_to_date() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/plan.schema.json");
    let mut schema = leadwright::plan::plan_schema();
    if !schema.ends_with('\n') {
        schema.push('\n');
    }
    if std::env::var_os("LEADWRIGHT_BLESS").is_some() {
        std::fs::write(&path, &schema).expect("docs is writable");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == schema, "docs/plan.schema.json is not what the grammar says; CONTRIBUTING.md has the command");
}
