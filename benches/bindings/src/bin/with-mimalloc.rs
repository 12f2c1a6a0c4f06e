//! The core with the allocator of the Python extension, as a process that is called like the others: it decides all leads of a
//! file, one by one, whenever a line comes in, and says how much CPU time that took.

use bench_bindings::one_by_one;
use std::io::BufRead as _;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let file = std::env::args().nth(1).expect("a file of leads");
    let text = std::fs::read(file).expect("the leads");
    let mut pass = one_by_one(text.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect());
    for _ in std::io::stdin().lock().lines() {
        println!("{}", pass().expect("it decides"));
    }
}
