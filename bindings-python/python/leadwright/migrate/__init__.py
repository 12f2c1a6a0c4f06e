"""One function of the old app after the other changes over to leadwright, with proof and a way back.

>>> from leadwright import migrate
>>> m = migrate.Migration("routing", stage="off")
>>> @m.step("validate", candidate=lambda lead: ["phone"])
... def validate(lead):
...     return ["no phone"]
>>> validate({"id": "L1"})
['no phone']

The guide is ``docs/migrate.md``.
"""

from __future__ import annotations

from ._call import Args, Call, current
from ._errors import MigrationError, Mismatch, ReadOnlyError
from ._ledger import Known
from ._limits import Room
from ._migration import Migration
from ._source import killed_by_env, killed_by_file, stage_from_env, stage_from_file, stage_from_openfeature
from ._view import DryRun

__all__ = [
    "Args",
    "Call",
    "DryRun",
    "Known",
    "Migration",
    "MigrationError",
    "Mismatch",
    "ReadOnlyError",
    "Room",
    "current",
    "killed_by_env",
    "killed_by_file",
    "stage_from_env",
    "stage_from_file",
    "stage_from_openfeature",
]
