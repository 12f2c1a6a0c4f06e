//! The platforms that packages are made for: one table for npm, for wheels, for the workflows and for the docs.

/// A platform, as each tool calls it.
#[derive(Clone, Copy, Debug)]
pub struct Platform {
    /// The end of the name of the npm package: `linux-x64-gnu` of `@leadwright/linux-x64-gnu`.
    pub npm: &'static str,
    /// As Rust calls it.
    pub target: &'static str,
    /// `process.platform`.
    pub os: &'static str,
    /// `process.arch`.
    pub cpu: &'static str,
    /// `glibc` or `musl`, where there is a choice.
    pub libc: Option<&'static str>,
    /// The platform of the wheel, as its file name has it.
    pub wheel: &'static str,
    /// The machine of the workflows that builds it.
    pub runner: &'static str,
}

/// All of them. Whoever is on another builds from source.
pub const PLATFORMS: &[Platform] = &[
    Platform {
        npm: "linux-x64-gnu",
        target: "x86_64-unknown-linux-gnu",
        os: "linux",
        cpu: "x64",
        libc: Some("glibc"),
        wheel: "manylinux_2_17_x86_64",
        runner: "ubuntu-24.04",
    },
    Platform {
        npm: "linux-arm64-gnu",
        target: "aarch64-unknown-linux-gnu",
        os: "linux",
        cpu: "arm64",
        libc: Some("glibc"),
        wheel: "manylinux_2_17_aarch64",
        runner: "ubuntu-24.04-arm",
    },
    Platform {
        npm: "linux-x64-musl",
        target: "x86_64-unknown-linux-musl",
        os: "linux",
        cpu: "x64",
        libc: Some("musl"),
        wheel: "musllinux_1_2_x86_64",
        runner: "ubuntu-24.04",
    },
    Platform {
        npm: "linux-arm64-musl",
        target: "aarch64-unknown-linux-musl",
        os: "linux",
        cpu: "arm64",
        libc: Some("musl"),
        wheel: "musllinux_1_2_aarch64",
        runner: "ubuntu-24.04-arm",
    },
    Platform {
        npm: "darwin-x64",
        target: "x86_64-apple-darwin",
        os: "darwin",
        cpu: "x64",
        libc: None,
        wheel: "macosx_10_12_x86_64",
        runner: "macos-15-intel",
    },
    Platform {
        npm: "darwin-arm64",
        target: "aarch64-apple-darwin",
        os: "darwin",
        cpu: "arm64",
        libc: None,
        wheel: "macosx_11_0_arm64",
        runner: "macos-15",
    },
    Platform {
        npm: "win32-x64",
        target: "x86_64-pc-windows-msvc",
        os: "win32",
        cpu: "x64",
        libc: None,
        wheel: "win_amd64",
        runner: "windows-2025",
    },
    Platform {
        npm: "win32-arm64",
        target: "aarch64-pc-windows-msvc",
        os: "win32",
        cpu: "arm64",
        libc: None,
        wheel: "win_arm64",
        runner: "windows-11-arm",
    },
];

impl Platform {
    /// By the end of its npm package.
    pub fn named(npm: &str) -> Option<&'static Platform> {
        PLATFORMS.iter().find(|platform| platform.npm == npm)
    }

    /// Its npm package.
    pub fn package(&self) -> String {
        format!("@leadwright/{}", self.npm)
    }
}
