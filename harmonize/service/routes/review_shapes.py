"""What the API of mappings takes and gives."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from harmonize.service.routes.shapes import Taken, Text

DecisionName = Literal["accept", "reject", "discuss"]
StateName = Literal["unreviewed", "accepted_once", "signed", "discussion", "conflict", "reopened"]
Hash = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
Comment = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]
_MAPPING = ["ehr/covid_19_ny_sbu"]


class ItemShape(BaseModel):
    """A row to review; `rows` is null where nothing was published yet."""

    row: str = Field(description="mapping_hash: what a decision names it by")
    subject: str
    label: str
    predicate: str
    object: str
    object_label: str
    confidence: float
    rows: int | None
    impact: float
    state: str
    accepted: str
    against: str
    place: str


class QueueShape(BaseModel):
    """The rows that fit, those of the greatest impact first."""

    total: int
    states: dict[str, int]
    notes: list[str]
    rows: list[ItemShape]


class ReviewerShape(Taken):
    """Who signs."""

    reviewer: Text | None = Field(examples=["orcid:0000-0002-1825-0097"])


class DecideBody(Taken):
    """A decision on rows; all but accept say why."""

    mapping: Text = Field(examples=_MAPPING)
    rows: list[Hash] = Field(min_length=1, max_length=1000)
    decision: DecisionName
    comment: Comment = ""


class ChangeBody(Taken):
    """What a row shall say instead."""

    mapping: Text = Field(examples=_MAPPING)
    row: Hash
    comment: Comment
    object_id: Text | None = Field(None, examples=["SNOMED:53741008"])
    object_label: Text | None = None
    predicate_id: Text | None = Field(None, examples=["skos:closeMatch"])


class BulkBody(Taken):
    """A decision on all rows that fit; `dry_run` only tells."""

    mapping: Text = Field(examples=_MAPPING)
    decision: DecisionName
    comment: Comment = ""
    state: StateName | None = None
    subject: Text | None = None
    predicate: Text | None = None
    below: float | None = Field(None, ge=0, le=1)
    at_least: float | None = Field(None, ge=0, le=1)
    dry_run: bool = True


class BulkShape(BaseModel):
    """What was taken, and why the others were left."""

    taken: list[dict[str, str]]
    left: list[str]
    batch: str | None


class UndoBody(Taken):
    """Whose batch goes: of this mapping, the last or the one named."""

    mapping: Text = Field(examples=_MAPPING)
    batch: Text | None = None


class DecisionShape(BaseModel):
    """A line of reviews.tsv."""

    mapping_hash: str
    reviewer: str
    decision: str
    date: str
    comment: str
    batch: str
    changed_to: str
    subject_id: str
    predicate_id: str
    object_id: str


class Decisions(BaseModel):
    """The decisions of a batch."""

    batch: str
    decisions: list[DecisionShape]
