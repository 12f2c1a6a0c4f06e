#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| leadwright_fuzz::endpoint(bytes));
