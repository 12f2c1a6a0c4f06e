//! The workflows build for every platform that the table has and that docs/install.md promises, and publish without secrets.

use leadwright_packages::platform::PLATFORMS;
use std::fs;
use std::path::Path;

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The text of a job: from its name to the next line that is indented like it.
fn job<'t>(workflow: &'t str, name: &str) -> &'t str {
    let start = workflow.find(&format!("\n  {name}:\n")).unwrap_or_else(|| panic!("there is no job {name}")) + 1;
    let rest = &workflow[start..];
    let lines = rest.match_indices("\n  ").skip(1);
    let end = lines.map(|(at, _)| at).find(|at| rest[at + 3..].starts_with(|each: char| each.is_ascii_lowercase()));
    &rest[..end.unwrap_or(rest.len())]
}

#[test]
fn every_platform_is_built_and_tried() {
    let release = read(".github/workflows/release.yml");
    let page = read("docs/install.md");
    for platform in PLATFORMS {
        let line = format!("- {{ npm: {}, target: {}, runner: {} }}\n", platform.npm, platform.target, platform.runner);
        let tried = if platform.libc == Some("musl") { "try-alpine" } else { "try" };
        for name in ["wheels", "wheels-free-threaded", "addons", tried] {
            assert_eq!(job(&release, name).matches(&line).count(), 1, "{name}: {line}");
        }
        let row = page.lines().find(|row| row.starts_with('|') && row.contains(&format!("`{}`", platform.package())));
        let row = row.unwrap_or_else(|| panic!("docs/install.md has no {}", platform.package()));
        assert!(row.contains(&format!("`{}`", platform.wheel)), "{row}");
    }
    for name in ["wheels", "wheels-free-threaded", "addons"] {
        assert_eq!(job(&release, name).matches("- { npm: ").count(), PLATFORMS.len(), "{name}");
    }
    let both =
        job(&release, "try").matches("- { npm: ").count() + job(&release, "try-alpine").matches("- { npm: ").count();
    assert_eq!(both, PLATFORMS.len());
}

#[test]
fn publishing_needs_all_that_was_tried_and_no_secret() {
    let release = read(".github/workflows/release.yml");
    let attest = job(&release, "attest");
    for needed in ["wheels-free-threaded", "sdist", "crates", "try", "try-alpine"] {
        assert!(attest.contains(needed), "attest does not need {needed}");
    }
    assert!(attest.contains("github.ref_type == 'tag'"), "only a tag is published");
    for name in ["crates-io", "pypi", "npm"] {
        let job = job(&release, name);
        assert!(job.contains("needs: attest") && job.contains("id-token: write"), "{name}");
        assert!(job.contains(&format!("environment: {name}")), "{name} waits for nobody");
    }
    assert!(!release.contains("secrets."), "a token that is kept can be stolen");
    assert!(job(&release, "npm").contains("--provenance"));
    for crates in [
        "leadwright",
        "leadwright-deliver",
        "leadwright-http",
        "leadwright-postgres",
        "leadwright-relay",
        "leadwright-cli",
    ] {
        assert!(job(&release, "crates-io").contains(&format!("--package {crates}")), "{crates}");
    }
}

#[test]
fn the_page_shows_the_scripts_that_the_packages_are_tried_with() {
    let page = read("docs/install.md");
    for script in ["first_lead.py", "first_lead.mjs", "first_decision.py", "first_decision.mjs", "first_decision.rs"] {
        let text = read(&format!("examples/install/{script}"));
        assert!(page.contains(&text), "docs/install.md does not show examples/install/{script} as it is");
        assert!(text.lines().filter(|line| !line.trim().is_empty()).count() <= 15, "{script}");
    }
}
