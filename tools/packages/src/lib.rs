//! What the packages carry beside the code: the licences of others, bills of materials, the layout for npm.
//!
//! `cargo xtask dist` calls it and builds; the tests look at what can be seen without a build: versions that go together,
//! licences that we may pass on, and workflows that build for every platform that the docs promise.
#![forbid(unsafe_code)]

pub mod bill;
pub mod cargo;
pub mod files;
pub mod licence;
pub mod npm;
pub mod ordered;
pub mod platform;
pub mod third_party;
