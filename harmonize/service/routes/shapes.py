"""What the API takes and gives, as OpenAPI has it, with examples."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
Long = Annotated[str, StringConstraints(max_length=100_000, pattern=r"^[^\x00]*$")]
Role = Literal["contributor", "analyst", "reviewer", "steward", "admin"]
Value = str | int | float | bool | None


class Taken(BaseModel):
    """A body: fields that are unknown are refused."""

    model_config = ConfigDict(extra="forbid")


class Given(BaseModel):
    """An answer, made of a row of the tables."""

    model_config = ConfigDict(from_attributes=True)


class ProjectBody(Taken):
    """What a project's dates are, and what may be given of it; what is not named stays as it is."""

    time: Literal["offset", "as_is"] | None = Field(None, examples=["offset"])
    source_anchor: date | None = Field(None, description="offset: the source's date of day 0", examples=["1901-01-01"])
    shifted_by_source: bool | None = None
    imaging_date_offset_days: int | None = Field(None, ge=-36600, le=36600)
    uids: Literal["public", "remap"] | None = None


class ProblemShape(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(examples=["urn:midrc-harmonize:problem:login"])
    title: str
    status: int
    detail: str
    instance: str
    hint: str | None = None


class Me(Given):
    """Who asks, and what is allowed."""

    user_id: int
    name: str
    role: str
    permissions: list[str]
    terms_accepted: bool


class Terms(BaseModel):
    """The terms of use, and whether the caller has attested them."""

    version: str
    text: str
    accepted: bool


class TermsAccepted(Taken):
    """The version that is attested."""

    version: Text = Field(examples=["1"])


class NewSubmission(Taken):
    """What is going to be sent."""

    project: Text = Field(examples=["Open-R1"])
    source: Text = Field(examples=["ehr"])
    mapping: Text | None = Field(None, examples=["covid_19_ny_sbu"])
    comment: str = Field("", max_length=2000)


class NewFile(Taken):
    """A file that is going to be sent: its name without folders, its size, and its SHA-256 where it is known."""

    name: str = Field(min_length=1, max_length=200, examples=["clinical.csv"])
    size: int = Field(ge=0, le=2**53, examples=[48213])
    sha256: str | None = Field(None, pattern=r"^[0-9a-fA-F]{64}$")


class File(Given):
    """A file, and how much of it has come."""

    id: str = Field(validation_alias="public_id")
    name: str
    size: int
    sha256: str | None
    offset: int = 0
    complete: bool


class JobShape(Given):
    """Long work, and how far it is."""

    id: str = Field(validation_alias="public_id")
    kind: str = Field(examples=["validate"])
    state: str = Field(examples=["running"])
    step: str
    told: str
    fraction: float
    attempts: int
    result: dict[str, Any] | None
    error: str | None
    hint: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class SubmissionShape(Given):
    """A submission with its files and jobs; `summary` has the sums of its validation."""

    id: str = Field(validation_alias="public_id")
    project: str
    source: str
    mapping: str | None
    comment: str
    state: str = Field(examples=["checked"])
    summary: dict[str, Any] | None
    created_at: datetime
    accepted_at: datetime | None
    files: list[File]
    jobs: list[JobShape]


class Change(BaseModel):
    """How many findings a rule had in the try before, and has now."""

    rule: str
    before: int
    now: int
    change: int


class QueryBody(Taken):
    """A statement (SELECT only), or a question with its values."""

    sql: Long | None = Field(
        None, examples=["SELECT modality, count(*) AS studies FROM linked.imaging_timeline GROUP BY ALL"]
    )
    question: Text | None = Field(None, examples=["sites"])
    parameters: dict[str, Value] = Field(default_factory=dict, examples=[{"days": 3}])


class NewSavedQuery(QueryBody):
    """The same, to be kept under an address that stays."""

    title: Text = Field(examples=["Studies by modality"])


class Saved(Given):
    """A saved query."""

    id: str = Field(validation_alias="public_id")
    title: str
    question: str | None
    parameters: dict[str, Any]
    sql: str | None
    created_at: datetime


class Rows(BaseModel):
    """The first rows of an answer, and what is to be known of them."""

    columns: list[str]
    rows: list[dict[str, Any]]
    truncated: bool
    notes: list[str]
    seconds: float


class NewToken(Taken):
    """A token for programs."""

    name: Text = Field(examples=["nightly upload"])
    scopes: list[str] = Field(min_length=1, max_length=10, examples=[["submit"]])
    days: int = Field(90, ge=1, le=3650)


class Token(Given):
    """A token; its text is in the answer to its making, and nowhere else."""

    id: str = Field(validation_alias="public_id")
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    token: str | None = None


class NewUser(Taken):
    """An account. Without a password one is made, and is in the answer."""

    name: Text = Field(examples=["lakeside-upload"])
    role: Role
    organisation: Text | None = None
    password: str | None = Field(None, max_length=1000)


class UserShape(Given):
    """An account; `password` is there once, where the service made it."""

    id: int
    name: str
    role: str
    active: bool
    created_at: datetime
    password: str | None = None


class UserChange(Taken):
    """What is to change of an account."""

    role: Role | None = None
    active: bool | None = None


class NewOrganisation(Taken):
    """An organisation and the projects that it submits to."""

    name: Text = Field(examples=["Lakeside Hospital"])
    projects: list[Text] = Field(default_factory=list, max_length=100, examples=[["Open-R1"]])


class OrganisationShape(Given):
    """An organisation."""

    id: int
    name: str
    projects: list[str]


class StepBody(Taken):
    """A step of a submission's life; `until` is the first day on which an embargoed one may be released."""

    step: Literal["embargoed", "signed", "released", "rejected"]
    why: Text
    until: date | None = None


class WaiverBody(Taken):
    """The open findings of a rule pass."""

    rule: Text
    why: Text


class DatasetFile(BaseModel):
    """A file of a release, by its path in it."""

    name: str
    size: int
    sha256: str | None


class DatasetShape(BaseModel):
    """A release; `about` is its release.json."""

    name: str
    project: str
    version: str
    size: int
    dictionary: str | None
    about: dict[str, Any]
    files: list[DatasetFile]


class AuditShape(Given):
    """One line of the audit."""

    at: datetime
    user_id: int | None
    token_id: int | None
    action: str
    subject: str
    detail: dict[str, Any]
