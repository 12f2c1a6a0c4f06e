//! Who runs a server. PostgreSQL refuses to be run by root, so there it is another user's.

use crate::Missing;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

/// The user and group that servers run as when we are root.
#[derive(Clone, Copy)]
struct Other {
    #[cfg_attr(not(unix), expect(dead_code))]
    user: u32,
    #[cfg_attr(not(unix), expect(dead_code))]
    group: u32,
}

/// `command` as the user of servers.
pub(crate) fn as_server(command: &mut Command) -> Result<&mut Command, Missing> {
    #[cfg(unix)]
    if let Some(Other { user, group }) = other()? {
        use std::os::unix::process::CommandExt;
        return Ok(command.uid(user).gid(group));
    }
    Ok(command)
}

/// Makes a folder or file the servers' own.
pub(crate) fn give(path: &Path) -> Result<(), Missing> {
    #[cfg(unix)]
    if let Some(Other { user, group }) = other()? {
        std::os::unix::fs::chown(path, Some(user), Some(group)).map_err(Missing::from(path.display()))?;
    }
    Ok(())
}

/// Lets everybody through a folder that root made with a narrow mask.
pub(crate) fn open(folder: &Path) -> Result<(), Missing> {
    #[cfg(unix)]
    if ids().is_some_and(|(user, _)| user == 0) {
        use std::os::unix::fs::PermissionsExt;
        let open = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(folder, open).map_err(Missing::from(folder.display()))?;
    }
    Ok(())
}

/// Whether the user of servers gets to a folder: all folders on the way let everybody through.
pub(crate) fn can_reach(folder: &Path) -> bool {
    #[cfg(unix)]
    if ids().is_some_and(|(user, _)| user == 0) {
        use std::os::unix::fs::PermissionsExt;
        let is_open = |folder: &Path| folder.metadata().is_ok_and(|meta| meta.permissions().mode() & 0o001 != 0);
        return folder.ancestors().all(|folder| folder.as_os_str().is_empty() || is_open(folder));
    }
    folder.is_dir()
}

/// Whether we own it, in a folder where everybody may write.
pub(crate) fn is_ours(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        path.symlink_metadata().is_ok_and(|meta| meta.is_dir() && ids().is_some_and(|(us, _)| us == meta.uid()))
    }
    #[cfg(not(unix))]
    path.is_dir()
}

/// None where servers may run as whoever we are.
fn other() -> Result<Option<Other>, Missing> {
    static OTHER: OnceLock<Option<Other>> = OnceLock::new();
    if ids().is_none_or(|(user, _)| user != 0) {
        return Ok(None);
    }
    let other = OTHER.get_or_init(|| ["postgres", "nobody"].into_iter().find_map(named));
    other
        .map(Some)
        .ok_or_else(|| Missing::new("root may not run PostgreSQL, and there is no user `postgres` or `nobody`"))
}

fn named(name: &str) -> Option<Other> {
    Some(Other { user: id(&["-u", name])?, group: id(&["-g", name])? })
}

/// Our own user and group.
fn ids() -> Option<(u32, u32)> {
    static IDS: OnceLock<Option<(u32, u32)>> = OnceLock::new();
    *IDS.get_or_init(|| Some((id(&["-u"])?, id(&["-g"])?)))
}

fn id(args: &[&str]) -> Option<u32> {
    let answer = Command::new("id").args(args).output().ok().filter(|answer| answer.status.success())?;
    String::from_utf8(answer.stdout).ok()?.trim().parse().ok()
}
