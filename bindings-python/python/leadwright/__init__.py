"""leadwright: the lead-distribution engine you import.

>>> import leadwright
>>> leadwright.canonicalize_address("5 elm place, st louis mo 63104").lines
['5 ELM PL', 'SAINT LOUIS MO 63104']
"""

from __future__ import annotations

try:
    from . import _leadwright as _leadwright
except ImportError as _error:
    from ._load import explained as _explained

    raise _explained(_error) from _error

from ._aio import AsyncEngine
from ._buyers import Buyers
from ._decision import Decision, LineError, Observed
from ._engine import Engine
from ._errors import (
    EngineError,
    EventsError,
    InputError,
    InternalError,
    Issue,
    LeadwrightError,
    ListError,
    OperationError,
    ParityError,
    PlanError,
    ReplayError,
    StoreError,
)
from ._events import Event, Subscription
from ._leadwright import __version__
from ._lists import SuppressionList
from ._messages import Messages
from ._plan import Fixed, Plan
from ._pure import Address, FieldCheck, canonicalize_address, canonicalize_addresses, check_field, verify_webhook
from ._validate import ValidatedLine, Validation, redact_text, validate, validate_many

__all__ = [
    "Address",
    "AsyncEngine",
    "Buyers",
    "Decision",
    "Engine",
    "EngineError",
    "Event",
    "EventsError",
    "FieldCheck",
    "Fixed",
    "InputError",
    "InternalError",
    "Issue",
    "LeadwrightError",
    "LineError",
    "ListError",
    "Messages",
    "Observed",
    "OperationError",
    "ParityError",
    "Plan",
    "PlanError",
    "ReplayError",
    "StoreError",
    "Subscription",
    "SuppressionList",
    "ValidatedLine",
    "Validation",
    "__version__",
    "canonicalize_address",
    "canonicalize_addresses",
    "check_field",
    "redact_text",
    "validate",
    "validate_many",
    "verify_webhook",
]
