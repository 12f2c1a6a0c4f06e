"""`docs/values.md` says what the table of values says, and its examples of many leads are run.

`LEADWRIGHT_BLESS=1` writes it anew.
"""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from conftest import REPOSITORY, lead

import leadwright

PAGE = REPOSITORY / "docs/values.md"
ROWS = json.loads((REPOSITORY / "vectors/domain/values.json").read_text("utf-8"))

HEAD = """<!-- Made of vectors/domain/values.json; LEADWRIGHT_BLESS=1 with bindings-python/tests/test_values_page.py writes it anew. -->
# What may be a value of a lead

A lead goes to the core as JSON, whatever it came in. This is what each value of Python and of Node becomes. Both languages are
tested against the same table, [vectors/domain](../vectors/domain), so one lead gives one decision from both. What cannot be said
is a `TypeError` that names the place and never the value; nothing is dropped or made `{}` in silence.

Money comes in as text, a number or a `Decimal`, is counted in whole ten-thousandths, and goes out as text. What is wrong with a value is a problem of the lead, with a code ([codes](reference/codes.md)), and no exception.

"""

LEADS = """
## One lead

| | Python | Node |
|---|---|---|
| a mapping | `dict`, `TypedDict`, any `Mapping`, whatever has `keys` and `[]` as rows of databases have | an object, a `Map` |
| an object that is data | a dataclass, a named tuple, a model of pydantic, classes of attrs and msgspec | an instance of a class, by its own members |
| JSON | `str`, `bytes`, `bytearray` | a string, a `Buffer`, a `Uint8Array` |

JSON goes to the core as it is: a reader in between would drop repeated names and round numbers.

## Many leads

`decide_batch`, `prepare_batch` and `validate_many` in Python take any of these; missing values of a table are no values.

| many leads in | how they are read |
|---|---|
{many}

Of an iterable that never ends nothing comes back. Rows of Spark are in [spark.md](spark.md).
"""

MANY = {
    "`bytes` or `str`, JSON Lines (not `validate_many`)": "line by line; a blank line is answered as one",
    "a list, a generator, any iterable of leads": "each as one lead is",
    "a frame of pandas": "`itertuples`; nothing else is needed",
    "a frame of polars": "`iter_rows`; nothing else is needed",
    "a table, a batch or a column of pyarrow": "`to_pylist`; of a column each row is a lead as JSON",
    "whatever streams Arrow (`__arrow_c_stream__`), as relations of DuckDB": "batch by batch by pyarrow: `pip install 'leadwright[arrow]'`",
}



def merged() -> list[dict[str, Any]]:
    """Rows with the same words are the two languages of one."""
    found: dict[str, dict[str, Any]] = {}
    for row in ROWS:
        at = found.setdefault(row["why"], {"why": row["why"]})
        for language in ("python", "node"):
            if row.get("in", language) == language:
                at[language] = row
    return list(found.values())


def cell(row: dict[str, Any] | None, language: str) -> str:
    if row is None:
        return "–"
    given = source(row["value"], f"${language}")
    if "refused" in row:
        return escaped(f"{given}`TypeError` at `{row['refused']}`")
    became = row["json"] if len(row["json"]) < 200 else row["json"][:60] + "…"
    return escaped(f"{given}`{became}`")


def source(value: Any, name: str) -> str:
    """How a value is written in a language, where its row has that."""
    found = expressions(value, name)
    return f"`{'`, `'.join(found)}` → " if found else ""


def expressions(value: Any, name: str) -> list[str]:
    if isinstance(value, dict):
        if name in value:
            return [value[name]]
        return [one for member in value.values() for one in expressions(member, name)]
    return [one for item in value for one in expressions(item, name)] if isinstance(value, list) else []


def escaped(text: str) -> str:
    """Text for a cell: no bar, and what nobody can see as its escape."""
    shown = "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in text)
    return shown.replace("|", "\\|")


def page() -> str:
    lines = ["| value | Python | Node |", "|---|---|---|"]
    lines += [f"| {escaped(row['why'])} | {cell(row.get('python'), 'python')} | {cell(row.get('node'), 'node')} |" for row in merged()]
    many = "\n".join(f"| {what} | {how} |" for what, how in MANY.items())
    return HEAD + "\n".join(lines) + "\n" + LEADS.replace("{many}", many)


def test_the_page_says_what_the_table_says() -> None:
    if os.environ.get("LEADWRIGHT_BLESS"):
        PAGE.write_text(page(), "utf-8")
    assert PAGE.read_text("utf-8") == page(), "write it anew: LEADWRIGHT_BLESS=1 pytest tests/test_values_page.py"
    assert sum(line.startswith("| ") for line in page().splitlines()) > 60


LEADS_OF_TWO = [lead(1, roof_age=7), lead(2, roof_age=None)]


class Stream:
    """What streams Arrow and is no class of pyarrow."""

    def __init__(self, table: Any) -> None:
        self.table = table

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self.table.__arrow_c_stream__(requested_schema)


def of(kind: str) -> Any:
    if kind == "iterable":
        return (one for one in LEADS_OF_TWO)
    if kind == "JSON":
        return "\n".join(json.dumps(one) for one in LEADS_OF_TWO)
    library = pytest.importorskip(kind.partition(" ")[0], reason=f"SKIPPED: {kind} is not installed")
    if kind == "pandas" or kind == "polars":
        return library.DataFrame(LEADS_OF_TWO)
    table = library.Table.from_pylist(LEADS_OF_TWO)
    if kind == "pyarrow":
        return table
    return library.array([json.dumps(one) for one in LEADS_OF_TWO]) if kind == "pyarrow column" else Stream(table)


@pytest.mark.parametrize("kind", ["iterable", "JSON", "pandas", "polars", "pyarrow", "pyarrow column", "pyarrow stream"])
def test_many_leads_come_in(kind: str, plan: leadwright.Plan) -> None:
    with leadwright.Engine(plan) as engine:
        decided = engine.decide_batch(of(kind), now="2026-11-24T23:05:00Z")
    found = [(answer["lead"], answer["outcome"], answer["canonical"].get("roof_age")) for answer in decided]
    assert found == [("L1", "assigned", 7), ("L2", "assigned", None)]
    if kind != "JSON":
        lines = leadwright.validate_many(of(kind), "us/home-services@1", as_of="2026-11-24")
        assert [(line.id, line.canonical.get("roof_age"), line.valid) for line in lines] == [("L1", 7, True), ("L2", None, True)]


def test_without_pyarrow_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch, plan: leadwright.Plan) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with leadwright.Engine(plan) as engine, pytest.raises(ImportError, match=r"pip install 'leadwright\[arrow\]'"):
        engine.decide_batch(Stream(None))
