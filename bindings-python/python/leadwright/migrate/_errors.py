"""What a migration may raise: where it is set up, and into tests. Never into a call of the legacy."""

from __future__ import annotations

from .._errors import LeadwrightError


class MigrationError(LeadwrightError):
    """A migration that is put together wrongly, or a stage that it may not have yet."""

    __module__ = "leadwright.migrate"


class ReadOnlyError(LeadwrightError):
    """A candidate tried to write while the legacy answers."""

    __module__ = "leadwright.migrate"


class Mismatch(AssertionError):
    """In the stage ``verify``, where it was asked for: legacy and candidate differ. Says where and how, never what."""

    __module__ = "leadwright.migrate"

    code = "migrate.mismatch"
    retryable = False
