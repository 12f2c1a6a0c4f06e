//! What is fuzzed. The bodies are in `bodies.rs`, which the tests of the command line run as well, over the corpus and
//! over chance.

mod bodies;
pub use bodies::*;
