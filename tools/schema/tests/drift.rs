//! What is made from the core is as the core would make it now.

use leadwright_schema::{drifted, files, repository};

#[test]
fn nothing_has_drifted() {
    let drifted = drifted(&repository()).expect("the types of the core have schemas");
    assert!(drifted.is_empty(), "not what the core would make; run `cargo xtask generate`: {drifted:#?}");
}

#[test]
fn it_is_made_the_same_each_time() {
    assert_eq!(files(), files());
    assert!(files().is_ok_and(|files| files.len() > 10));
}
