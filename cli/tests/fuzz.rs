//! The bodies of the fuzz targets as ordinary tests: over the corpus, over pieces of it put together, and over chance.

use proptest::prelude::*;
use std::path::Path;

#[allow(unreachable_pub, reason = "the fuzz targets use them from another crate")]
#[path = "../../fuzz/src/bodies.rs"]
mod bodies;

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(name);
    let files = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut all: Vec<Vec<u8>> =
        files.map(|file| std::fs::read(file.expect("readable").path()).expect("readable")).collect();
    all.sort();
    assert!(!all.is_empty(), "the corpus of {name} is empty");
    all
}

#[test]
fn the_corpus_holds() {
    for (name, body) in bodies::TARGETS {
        corpus(name).iter().for_each(|bytes| body(bytes));
    }
}

/// A piece of the corpus with a part cut out, doubled or overwritten.
fn torn() -> impl Strategy<Value = (usize, usize, usize, usize, Vec<u8>)> {
    (0..bodies::TARGETS.len(), any::<usize>(), any::<usize>(), 0..64_usize, prop::collection::vec(any::<u8>(), 0..24))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn torn_pieces_of_the_corpus_hold((target, which, at, length, put) in torn()) {
        let (name, body) = bodies::TARGETS[target];
        let corpus = corpus(name);
        let mut bytes = corpus[which % corpus.len()].clone();
        let from = at % (bytes.len() + 1);
        let to = (from + length).min(bytes.len());
        bytes.splice(from..to, put);
        body(&bytes);
    }

    #[test]
    fn chance_holds(target in 0..bodies::TARGETS.len(), bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        bodies::TARGETS[target].1(&bytes);
    }
}
