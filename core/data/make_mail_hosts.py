"""Makes mail_free.txt and mail_disposable.txt: mail hosts whose mailboxes are free, and those that last minutes.

Names as ASCII, in the order of their bytes, one a line.
"""

import importlib.util
import re

import sources

HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


def packed(names):
    hosts = set()
    for name in names:
        name = name.strip().lower()
        if not name.isascii():
            name = name.encode("idna").decode()
        if HOST.fullmatch(name):
            hosts.add(name)
    return "".join(f"{host}\n" for host in sorted(hosts))


def build(folder):
    free = (sources.npm(folder, "freemail", "1.7.0") / "data/free.txt").read_text(encoding="utf-8").splitlines()
    file = sources.pypi(folder, "disposable-email-domains", "0.0.293") / "disposable_email_domains/__init__.py"
    spec = importlib.util.spec_from_file_location("disposable", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    # A host that is on both lists lasts minutes.
    return {
        "mail_free.txt": packed(set(free) - set(module.blocklist)).encode(),
        "mail_disposable.txt": packed(module.blocklist).encode(),
    }


if __name__ == "__main__":
    sources.make(__doc__, build)
