"""Which call stands for which command: `harmonize project set` is `db.project.set`, `db` being an open store."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

CALLS: dict[str, str] = {
    "demo": "harmonize.run_demo",
    "profile": "harmonize.profile",
    "validate": "harmonize.validate",
    "load": "db.load",
    "link": "db.link",
    "query": "harmonize.query",
    "ask list": "harmonize.questions.list",
    "ask show": "harmonize.questions.show",
    "ask run": "harmonize.questions.run",
    "quality": "db.quality",
    "ledger": "db.ledger",
    "lineage": "db.lineage",
    "unmapped": "db.unmapped",
    "diff": "harmonize.diff",
    "migrate": "harmonize.migrate",
    "backup": "harmonize.backup",
    "restore": "harmonize.restore",
    "publish": "harmonize.publish",
    "serve": "harmonize.serve",
    "project list": "db.project.list",
    "project show": "db.project.show",
    "project set": "db.project.set",
    "project rules": "db.project.rules",
    "crosswalk load": "db.crosswalk.load",
    "crosswalk remove": "db.crosswalk.remove",
    "person withdraw": "db.person.withdraw",
    "person reinstate": "db.person.reinstate",
    "submission list": "db.submission.list",
    "submission show": "db.submission.show",
    "submission step": "db.submission.step",
    "submission waive": "db.submission.waive",
    "submission withdraw": "db.submission.withdraw",
    "release affected": "db.release.affected",
    "release build": "harmonize.release.build",
    "release verify": "harmonize.release.verify",
    "release diff": "harmonize.release.diff",
    "release list": "harmonize.release.list",
    "audit show": "db.audit.show",
    "audit verify": "db.audit.verify",
    "vault key": "db.vault.key",
    "vault show": "db.vault.show",
    "vault status": "db.vault.status",
    "vault purge": "db.vault.purge",
    "vault backup": "db.vault.backup",
    "vault restore": "db.vault.restore",
    "sequester assign": "db.sequester.assign",
    "sequester show": "db.sequester.show",
    "sequester lock": "db.sequester.lock",
    "release risk": "db.release.risk",
    "release images": "db.release.images",
    "export gen3": "db.export.gen3",
    "export manifest": "harmonize.manifest",
    "export all_of_us": "harmonize.exports.all_of_us",
    "export n3c": "harmonize.exports.n3c",
    "vocabulary load": "db.vocabulary.load",
    "vocabulary status": "db.vocabulary.status",
    "vocabulary search": "db.vocabulary.search",
    "imaging loinc": "harmonize.loinc",
    "imaging import-table": "harmonize.import_table",
    "imaging agreement": "db.imaging.agreement",
    "mapping list": "harmonize.mappings.list",
    "mapping show": "harmonize.mappings.show",
    "mapping check": "harmonize.mappings.check",
    "mapping test": "harmonize.mappings.run_cases",
    "mapping init": "harmonize.mappings.init",
    "mapping suggest": "harmonize.mappings.suggest",
    "mapping matrix": "harmonize.mappings.matrix",
    "mapping export": "harmonize.mappings.export",
    "mapping import": "harmonize.mappings.import_",
    "mapping diff": "harmonize.mappings.diff",
    "mapping view list": "harmonize.views.list",
    "mapping view run": "harmonize.views.run",
    "mapping view unread": "harmonize.views.unread",
    "mapping review list": "harmonize.reviews.list",
    "mapping review conflicts": "harmonize.reviews.conflicts",
    "mapping review show": "harmonize.reviews.show",
    "mapping review decide": "harmonize.reviews.decide",
    "mapping review change": "harmonize.reviews.change",
    "mapping review bulk": "harmonize.reviews.bulk",
    "mapping review undo": "harmonize.reviews.undo",
    "mapping review step": "harmonize.reviews.step",
    "mapping review history": "harmonize.reviews.history",
    "mapping review patch": "harmonize.reviews.patch",
    "mapping review vocabulary": "harmonize.reviews.vocabulary",
    "schema list": "harmonize.schemas.list",
    "schema show": "harmonize.schemas.show",
    "schema import-gen3": "harmonize.schemas.import_gen3",
    "schema diff": "harmonize.schemas.diff",
}


def found_call(written: str) -> Callable[..., Any]:
    """The function behind a call as it is written above."""
    import harmonize
    from harmonize.api import parts
    from harmonize.api.database import Database

    home, *names = written.split(".")
    if home == "harmonize":
        start: Any = harmonize
    elif len(names) == 1:
        start = Database
    else:
        start, names = getattr(parts, names[0].capitalize()), names[1:]
    call: Callable[..., Any] = reduce(getattr, names, start)
    return call
