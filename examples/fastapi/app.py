"""A service that takes leads."""

from typing import Annotated, Any

from fastapi import Depends, FastAPI

import leadwright
from leadwright.contrib.fastapi import answer_problems, valid_lead

app = FastAPI()
answer_problems(app)

WORDS = leadwright.Messages({"field.missing": "Please fill in {field}.", "phone.not_a_number": "Please give a phone number."})

Lead = Annotated[leadwright.Validation, Depends(valid_lead("us/home-services@1", WORDS, require=["zip"]))]


@app.post("/leads", status_code=201)
async def take(lead: Lead) -> dict[str, Any]:
    """Takes a lead. Here it would be stored, or decided by an engine; logs get what others may see."""
    print("took", lead.redacted().json.decode())
    return {"state": lead.canonical.get("state"), "warnings": lead.problems}
