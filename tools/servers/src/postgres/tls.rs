//! What a server needs to speak TLS, and to speak nothing else.

use crate::{Missing, user};
use std::fs;
use std::path::Path;

/// Who comes in clear finds no line that is for them.
const WHO_MAY: &str = "hostssl all all 127.0.0.1/32 trust\n";

/// Writes certificate and key where the server looks for them by itself.
pub(super) fn write(data: &Path, certificate: &str, key: &str) -> Result<(), Missing> {
    for (name, text) in [("server.crt", certificate), ("server.key", key), ("pg_hba.conf", WHO_MAY)] {
        let file = data.join(name);
        fs::write(&file, text).map_err(Missing::from(file.display()))?;
        only_theirs(&file)?;
    }
    Ok(())
}

/// A key that others may read is refused.
fn only_theirs(file: &Path) -> Result<(), Missing> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(file, fs::Permissions::from_mode(0o600)).map_err(Missing::from(file.display()))?;
    }
    user::give(file)
}
