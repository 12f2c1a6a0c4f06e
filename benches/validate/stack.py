"""A lead as the usual Python stack validates it: pydantic, and a library for each kind that needs one."""

import datetime
import html
import ipaddress
import re
from typing import Annotated, Literal, Optional

import phonenumbers
import usaddress
from dateutil import parser as dates
from email_validator import EmailNotValidError, validate_email
from nameparser import HumanName
from pydantic import BaseModel, BeforeValidator, ConfigDict, HttpUrl, StringConstraints, model_validator

TODAY = datetime.date(2026, 11, 24)
NOTHING = {"", "n/a", "na", "none", "null", "-", "not sure", "unknown"}
YES = {"1", "agree", "i agree", "on", "own", "t", "true", "y", "yes"}
NO = {"0", "f", "false", "n", "no", "off", "rent"}
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def text(value):
    return html.unescape(str(value)).replace("\u00a0", " ").strip()


def maybe(value):
    found = text(value)
    return None if found.lower() in NOTHING else found


def email(value):
    try:
        return validate_email(text(value), check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise ValueError(str(error)) from error


def phone(value):
    try:
        number = phonenumbers.parse(text(value), "US")
    except phonenumbers.NumberParseException as error:
        raise ValueError(str(error)) from error
    if not phonenumbers.is_valid_number(number):
        raise ValueError("no such number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def day(value):
    return dates.parse(text(value)).date()


def moment(value):
    return dates.parse(text(value))


def amount(value):
    found = maybe(value)
    if found is None:
        return None
    number = NUMBER.search(found)
    if number is None:
        raise ValueError("no number")
    return int(float(number.group().replace(",", "")))


def yes(value):
    word = text(value).lower()
    if word in YES:
        return True
    if word in NO:
        return False
    raise ValueError("neither yes nor no")


def word(value):
    return re.sub(r"[\s-]+", "_", text(value).lower())


Amount = Annotated[Optional[int], BeforeValidator(amount)]
Yes = Annotated[bool, BeforeValidator(yes)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=255)]


class Lead(BaseModel):
    model_config = ConfigDict(extra="allow")

    id: Text
    source: Text
    vertical: Annotated[str, BeforeValidator(word)]
    name: Annotated[str, BeforeValidator(text)]
    email: Annotated[str, BeforeValidator(email)]
    phone: Annotated[str, BeforeValidator(phone)]
    address: Optional[Text] = None
    dob: Annotated[datetime.date, BeforeValidator(day)]
    credit_score: Amount = None
    homeowner: Yes
    roof_age: Amount = None
    electric_bill: Amount = None
    property_type: Annotated[str, BeforeValidator(word)]
    roof_type: Annotated[Literal["asphalt", "tile", "metal", "flat", "slate", "wood"], BeforeValidator(word)]
    utility: Text
    timeframe: Text
    ip: ipaddress.IPv4Address
    user_agent: Text
    landing_url: HttpUrl
    trustedform_url: Optional[Text] = None
    jornaya_token: Annotated[str, StringConstraints(pattern=r"^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$")]
    consent: Yes
    consent_at: Annotated[datetime.datetime, BeforeValidator(moment)]
    sub_id: Text
    first_name: str = ""
    last_name: str = ""
    city: str = ""
    state: str = ""
    zip: Optional[str] = None

    @model_validator(mode="after")
    def together(self):
        name = HumanName(self.name)
        name.capitalize()
        self.first_name, self.last_name = name.first, name.last
        if not name.last:
            raise ValueError("no last name")
        if self.address is not None:
            parts, _ = usaddress.tag(text(self.address))
            self.city = parts.get("PlaceName", "")
            self.state = parts.get("StateName", "").replace(".", "").upper()
            self.zip = (parts.get("ZipCode") or "")[:5] or None
        if self.dob.year > TODAY.year - 18:
            raise ValueError("too young")
        return self


def validate(lead):
    """The lead, or what is wrong with it."""
    try:
        return Lead.model_validate(lead)
    except ValueError as error:
        return error
