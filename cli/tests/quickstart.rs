//! The quickstart prints what its page says. Python's and Node's own tests run theirs.

mod common;

use common::copy;
use std::path::Path;
use std::process::Command;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

#[test]
fn the_quickstart_of_rust_prints_its_output() {
    prints("quickstart", "output.txt");
}

/// The same bytes are wanted from Python and Node.
#[test]
fn the_json_of_rust_is_that_of_the_others() {
    prints("as_json", "output.jsonl");
}

fn prints(example: &str, file: &str) {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(example);
    let _ = std::fs::remove_dir_all(&place);
    std::fs::create_dir_all(place.join("examples")).expect("the folder for tests is writable");
    copy(&Path::new(ROOT).join("examples/home-services"), &place.join("examples/home-services"));
    // The examples stand beside the tests of the same profile.
    let test = std::env::current_exe().expect("a test has a path");
    let folder = test.ancestors().nth(2).expect("a test is in deps").join("examples");
    let built = folder.join(format!("{example}{}", std::env::consts::EXE_SUFFIX));
    for _again in 0..2 {
        let output = Command::new(&built).current_dir(&place).output().expect("the example was built");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let want = std::fs::read(Path::new(ROOT).join("examples/quickstart").join(file)).expect("it is there");
        assert_eq!(String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&want));
    }
}

/// The README shows the files as they are run.
#[test]
fn the_readme_shows_the_quickstarts() {
    let read = |name: &str| std::fs::read_to_string(Path::new(ROOT).join(name)).expect("it is there");
    let readme = read("README.md");
    for (language, name) in [("rust", "quickstart.rs"), ("python", "quickstart.py"), ("js", "quickstart.mjs")] {
        let block = format!("```{language}\n{}```", read(&format!("examples/quickstart/{name}")));
        let block = block.replace("```rust", "```rust,no_run");
        assert!(readme.contains(&block), "README.md does not show examples/quickstart/{name} as it is");
    }
}
