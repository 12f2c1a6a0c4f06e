"""Django: a validator and a form field for single values, a decorator for views that take leads, and a middleware for errors.

.. code-block:: python

    class Contact(forms.Form):
        phone = LeadField("phone")                                   # cleaned to +13128675309

    class Lead(models.Model):
        email = models.CharField(max_length=254, validators=[LeadValidator("email")])

    MIDDLEWARE = [..., "leadwright.contrib.django.ProblemMiddleware"]

    @csrf_exempt
    @valid_lead("us/home-services@1")
    def take(request, lead):
        ...
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError  # type: ignore[import-untyped, import-not-found, unused-ignore]
from django.http import HttpRequest, HttpResponse, JsonResponse  # type: ignore[import-untyped, import-not-found, unused-ignore]

from .._errors import LeadwrightError
from .._messages import ENGLISH, Messages
from .._pure import FieldCheck, check_field
from .._validate import validate
from . import _http

if TYPE_CHECKING:

    class _CharField:
        """What is used of Django's, which says no types."""

        empty_values: list[Any]

        def __init__(self, **kwargs: Any) -> None: ...

        def clean(self, value: Any) -> Any: ...

else:
    from django.forms import CharField as _CharField

__all__ = ["LeadField", "LeadValidator", "ProblemMiddleware", "valid_lead"]


class LeadValidator:
    """Raises a ``ValidationError`` with the codes of what is wrong with a value of a kind: ``phone``, ``email``, ``zip`` …"""

    def __init__(self, kind: str, **options: Any) -> None:
        self.kind = kind
        self.options = options

    def __call__(self, value: Any) -> None:
        _refuse(check_field(self.kind, value, **self.options))

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration writes it."""
        return (f"{__name__}.LeadValidator", [self.kind], self.options)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LeadValidator) and (self.kind, self.options) == (other.kind, other.options)

    def __hash__(self) -> int:
        return hash(self.kind)


class LeadField(_CharField):
    """A field of a form that takes a value of a kind however it is written, and is cleaned to its canonical text."""

    def __init__(self, kind: str, *, check: dict[str, Any] | None = None, **kwargs: Any) -> None:
        self.kind = kind
        self.check: dict[str, Any] = check or {}
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """The canonical value; the empty value where nothing was given and nothing is required."""
        text = super().clean(value)
        if text in self.empty_values:
            return text
        checked = check_field(self.kind, text, **self.check)
        _refuse(checked)
        return checked.value


class ProblemMiddleware:
    """Answers errors of leadwright with ``application/problem+json``: 503 with ``Retry-After`` where the same request may be sent
    again, 500 for what is wrong on our side, with its code alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What a view raised."""
        return _answer(_http.failed(error)) if isinstance(error, LeadwrightError) else None


def valid_lead(
    schema: str, messages: Messages = ENGLISH, **options: Any
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A decorator for views: they get the :class:`leadwright.Validation` of the body, JSON or a form, behind the request; a lead that
    is not valid is answered 422 with its problems. The options are those of :func:`leadwright.validate`.
    """

    def decorated(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def take(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            said = request.META.get("CONTENT_LENGTH") or "0"
            # What is too long is not read.
            if not said.isdecimal() or int(said) > _http.MOST:
                return _answer(_http.too_long())
            body: bytes = request.body
            validation = validate(_http.lead_of(body, request.content_type or ""), schema, **options)
            if not validation.valid:
                return _answer(_http.invalid(validation, messages))
            return view(request, validation, *args, **kwargs)

        return take

    return decorated


def _answer(problem: dict[str, Any]) -> HttpResponse:
    answer = JsonResponse(problem, status=problem["status"], content_type=_http.MEDIA_TYPE)
    for name, value in _http.headers(problem).items():
        answer[name] = value
    return answer


def _refuse(checked: FieldCheck) -> None:
    if not checked.valid:
        words = zip(checked.problems, checked.messages())
        raise ValidationError([ValidationError(text, code=problem["code"]) for problem, text in words])
