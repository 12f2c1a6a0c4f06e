//! The commands that the pages of docs/ show are run, and print what the pages say.
//!
//! A ```console block holds one command after `$ ` and everything it prints, standard output first. All blocks of a page
//! run in order, in one folder with the repository's examples and docs. `LEADWRIGHT_BLESS=1` writes what is printed into
//! the pages.

mod common;

use common::copy;
use std::path::{Path, PathBuf};
use std::process::Command;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

fn pages() -> Vec<PathBuf> {
    let files = std::fs::read_dir(Path::new(ROOT).join("docs")).expect("docs is there");
    let mut pages: Vec<PathBuf> = files.map(|file| file.expect("readable").path()).collect();
    pages.retain(|path| path.extension().is_some_and(|end| end == "md"));
    pages.sort();
    pages
}

/// A page's own folder, with what its commands read.
fn place(page: &Path) -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("docs").join(page.file_stem().expect("a page has a name"));
    let _ = std::fs::remove_dir_all(&place);
    for part in ["examples/home-services", "docs/samples"] {
        copy(&Path::new(ROOT).join(part), &place.join(part));
    }
    place
}

fn printed(command: &str, place: &Path) -> String {
    let words: Vec<&str> = command.split_whitespace().collect();
    assert_eq!(words[0], "leadwright", "{command}");
    let output = Command::new(env!("CARGO_BIN_EXE_leadwright")).args(&words[1..]).current_dir(place).output();
    let output = output.expect("the command was built");
    let text = [output.stdout, output.stderr].concat();
    let lines = String::from_utf8(text).expect("UTF-8");
    lines.lines().map(|line| format!("{}\n", without_time(line).trim_end())).collect()
}

/// How long it took is another time each time.
fn without_time(line: &str) -> String {
    let timed = |what: &str| {
        let (count, rest) = line.split_once(what)?;
        Some(format!("{count}{what}… s, … a second{}", rest.split_once(" a second")?.1))
    };
    [" leads in ", " addresses in "].into_iter().find_map(timed).unwrap_or_else(|| line.to_owned())
}

/// The page with every block as it is printed, and how many blocks there are.
fn run(page: &str, place: &Path) -> (String, usize) {
    let (mut made, mut count, mut rest) = (String::new(), 0, page);
    while let Some((before, block)) = rest.split_once("```console\n$ ") {
        let (inside, after) = block.split_once("```").expect("a block ends");
        let command = inside.lines().next().expect("a block has a command");
        made += &format!("{before}```console\n$ {command}\n{}```", printed(command, place));
        rest = after;
        count += 1;
    }
    (made + rest, count)
}

#[test]
fn every_command_prints_what_its_page_says() {
    let mut blocks = 0;
    for path in pages() {
        let page = std::fs::read_to_string(&path).expect("readable");
        let (made, count) = run(&page, &place(&path));
        blocks += count;
        if std::env::var_os("LEADWRIGHT_BLESS").is_some() {
            std::fs::write(&path, made).expect("writable");
        } else {
            assert!(
                made == page,
                "{} is not what the commands print; {}",
                path.display(),
                first_difference(&page, &made)
            );
        }
    }
    assert!(blocks >= 8, "there are only {blocks} blocks");
}

fn first_difference(page: &str, made: &str) -> String {
    let pair = page.lines().zip(made.lines()).find(|(page, made)| page != made);
    pair.map_or_else(String::new, |(page, made)| format!("the page says\n  {page}\nand it is\n  {made}"))
}

/// A link of a page leads somewhere.
#[test]
fn no_link_of_the_docs_is_broken() {
    let root = Path::new(ROOT);
    let more = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "benches/README.md"].map(|name| root.join(name));
    for path in pages().into_iter().chain(more) {
        let page = std::fs::read_to_string(&path).expect("readable");
        let folder = path.parent().expect("a page is in a folder");
        for link in page.split("](").skip(1).filter_map(|after| after.split_once(')')).map(|(link, _)| link) {
            let file = link.split('#').next().unwrap_or_default();
            if !file.is_empty() && !file.contains("://") {
                assert!(folder.join(file).exists(), "{}: {link}", path.display());
            }
        }
    }
}

/// The plan that docs/plan.md shows is one.
#[test]
fn the_plan_of_the_page_checks() {
    let page = std::fs::read_to_string(Path::new(ROOT).join("docs/plan.md")).expect("readable");
    let blocks: Vec<&str> =
        page.split("```jsonc\n").skip(1).filter_map(|after| after.split_once("```")).map(|(block, _)| block).collect();
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("plan-page");
    let files =
        [("plan.jsonc", blocks[0]), ("buyers/summit.jsonc", blocks[1]), ("lists/opt-outs.txt", "+17735550123\n")];
    for (name, text) in files {
        let file = place.join(name);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("writable");
        std::fs::write(file, text).expect("writable");
    }
    assert_eq!(printed("leadwright check plan.jsonc", &place).lines().last(), Some("plan.jsonc: 0 errors, 0 warnings"));
}
