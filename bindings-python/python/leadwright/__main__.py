"""The command ``leadwright``: ``python -m leadwright``."""

from __future__ import annotations

import signal
import sys

from . import _leadwright


def main() -> None:
    """Runs the command with the arguments of this process and exits with its code."""
    # Python only takes note of Ctrl-C, and looks when the command is done. Without its handler the signal ends the process,
    # as it does that of the command itself: 130 for the shell. A signal that is ignored, as under `nohup`, stays so.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(_leadwright.run(["leadwright", *sys.argv[1:]]))


if __name__ == "__main__":
    main()
