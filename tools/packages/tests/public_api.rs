//! The public names of each crate are those of its public-api.txt: a change of them is seen in review.
//! `LEADWRIGHT_BLESS=1` writes the lists anew.

mod names;

use names::{Source, folder};
use std::fs;

const CRATES: &[(&str, &str)] = &[
    ("leadwright", "core"),
    ("leadwright-deliver", "adapters/deliver"),
    ("leadwright-http", "adapters/http"),
    ("leadwright-postgres", "adapters/postgres"),
    ("leadwright-relay", "adapters/relay"),
    ("leadwright-cli", "cli"),
];

#[test]
fn the_public_names_are_those_that_are_listed() {
    let mut complaints = Vec::new();
    for (name, place) in CRATES {
        let made = Source::of(&folder(place).join("src/lib.rs")).listing(name);
        let list = folder(place).join("public-api.txt");
        if std::env::var_os("LEADWRIGHT_BLESS").is_some() {
            fs::write(&list, &made).expect("writable");
        }
        let kept = fs::read_to_string(&list).expect("public-api.txt is there");
        if made == kept {
            continue;
        }
        let only = |one: &str, other: &str| {
            one.lines().filter(|line| !other.lines().any(|each| each == *line)).map(str::to_owned).collect::<Vec<_>>()
        };
        complaints.push(format!("{name}: new {:#?}, gone {:#?}", only(&made, &kept), only(&kept, &made)));
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn the_listing_sees_what_there_is() {
    let made = Source::of(&folder("core").join("src/lib.rs")).listing("leadwright");
    for line in [
        "// leadwright::store",
        "pub struct MemoryStore {",
        "pub trait Store: Send + Sync {",
        "// leadwright::engine",
        "impl Engine {",
        "    pub fn code(&self) -> Code {}",
    ] {
        assert!(made.lines().any(|each| each == line), "{line}\nis not in\n{made}");
    }
    assert!(!made.contains("pub(crate)"), "what is ours is nobody's business");
    assert!(!made.contains("///"), "documentation is no name");
}
