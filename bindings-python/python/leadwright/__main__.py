"""The command ``leadwright``: ``python -m leadwright``."""

from __future__ import annotations

import sys

from . import _leadwright


def main() -> None:
    """Runs the command with the arguments of this process and exits with its code."""
    try:
        sys.exit(_leadwright.run(["leadwright", *sys.argv[1:]]))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
