"""leadwright: the lead-distribution engine you import.

>>> import leadwright
>>> leadwright.canonicalize_address("5 elm place, st louis mo 63104").lines
['5 ELM PL', 'SAINT LOUIS MO 63104']
"""

from __future__ import annotations

from ._engine import Decision, Engine, LineError
from ._errors import EngineError, InputError, InternalError, Issue, LeadwrightError, PlanError, ReplayError, StoreError
from ._leadwright import __version__
from ._plan import Plan
from ._pure import (
    Address,
    FieldCheck,
    Validation,
    canonicalize_address,
    canonicalize_addresses,
    check_field,
    validate,
)

__all__ = [
    "Address",
    "Decision",
    "Engine",
    "EngineError",
    "FieldCheck",
    "InputError",
    "InternalError",
    "Issue",
    "LeadwrightError",
    "LineError",
    "Plan",
    "PlanError",
    "ReplayError",
    "StoreError",
    "Validation",
    "__version__",
    "canonicalize_address",
    "canonicalize_addresses",
    "check_field",
    "validate",
]
