"""The native half, or words about why it is not there."""

from __future__ import annotations

import platform
import sys


def explained(error: ImportError) -> ImportError:
    """The same error with what to do about it."""
    if "subinterpreter" in str(error):
        return ImportError(
            "leadwright does not run in a sub-interpreter that has a GIL of its own: import it in the main interpreter; "
            "under mod_wsgi set `WSGIApplicationGroup %{GLOBAL}`"
        )
    libc = " ".join(platform.libc_ver()) or "no glibc"
    here = f"{platform.system()} {platform.machine()}, {libc}, Python {platform.python_version()} at {sys.executable}"
    return ImportError(
        f"the native half of leadwright does not load here ({here}): {error}; install it anew for this Python, "
        "`python -m pip install --force-reinstall --no-cache-dir leadwright`, and build a package for the platform that it runs on"
    )
