"""The findings in the formats of other tools: JUnit XML, SARIF 2.1.0, FHIR R4 OperationOutcome."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, Any, BinaryIO
from xml.etree import ElementTree as ET

import orjson

from harmonize.engine.version import __version__
from harmonize.validation.report.cells import spans
from harmonize.validation.report.text import header, verdict
from harmonize.validation.rules import rule_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harmonize.validation.report.cells import Span
    from harmonize.validation.report.model import Group, Report, ReportFile

EXAMPLES = 20
FINGERPRINT = "harmonizeFinding/v1"
# What XML 1.0 cannot hold, even escaped.
_NOT_XML = dict.fromkeys((*(code for code in range(32) if code not in (9, 10, 13)), 0xFFFE, 0xFFFF), "�")
_ISSUE_CODES = {
    "required": "required", "missing_column": "required", "enum": "code-invalid", "unique_key": "duplicate",
    "repeated_record": "duplicate", "ragged": "structure", "quoting": "structure", "nul_byte": "structure",
    "encoding": "structure", "blank_header": "structure", "duplicate_header": "structure",
}  # fmt: skip


def junit(report: Report, out: BinaryIO) -> None:
    """A suite for each file, a case for each rule that is asked of such a source: errors fail it, warnings go to its
    output."""
    groups = report.groups(EXAMPLES)
    asked = report.about.rules if report.about else frozenset(rule_texts())
    rules = [rule for rule in rule_texts() if rule in asked | {group.rule for group in groups}]
    root = ET.Element("testsuites", name="harmonize validate")
    for file in report.files:
        suite = ET.SubElement(root, "testsuite", name=_xml(file.name))
        if report.about:
            suite.set("timestamp", report.about.date)
            _properties(suite, report, file)
        cases = 0
        own = [group for group in groups if group.file_id == file.file_id]
        failures = 0
        for rule in rules if file.file_id is not None else ():
            cases += 1
            case = ET.SubElement(suite, "testcase", classname=_xml(file.name), name=rule)
            hits = [group for group in own if group.rule == rule]
            if hits and hits[0].severity == "error":
                failures += 1
                count = sum(group.count for group in hits)
                ET.SubElement(case, "failure", message=f"{count} findings", type=rule).text = _said(hits)
            elif hits:
                ET.SubElement(case, "system-out").text = _said(hits)
        suite.set("tests", str(cases))
        suite.set("failures", str(failures))
    ET.indent(root)
    ET.ElementTree(root).write(out, encoding="utf-8", xml_declaration=True)
    out.write(b"\n")


def _properties(suite: ET.Element, report: Report, file: ReportFile) -> None:
    """The header of the report, and size and sum of the file, as properties of its suite."""
    facts = {name.lower().replace(" ", "_"): fact for name, fact in header(report) if name not in ("Date", "Files")}
    facts |= {"size": str(file.size or ""), "sha256": file.sha256 or ""}
    held = ET.SubElement(suite, "properties")
    for name, value in facts.items():
        if value:
            ET.SubElement(held, "property", name=name, value=_xml(value))


def _said(groups: list[Group]) -> str:
    lines = []
    for group in groups:
        for example in group.examples:
            where = f"{example.where}: " if example.where else ""
            lines.append(where + group.say(group.message, example.value))
        if group.count > len(group.examples):
            lines.append(f"… and {group.count - len(group.examples)} more of {group.column or group.rule}")
    return _xml("\n".join(lines))


def _xml(text: str) -> str:
    return text.translate(_NOT_XML)


def sarif(report: Report, out: BinaryIO) -> None:
    """SARIF 2.1.0, as code hosts and editors show it: the files with their sums, and a result for each finding."""
    rules = [
        {
            "id": text.rule,
            "shortDescription": {"text": text.message},
            "fullDescription": {"text": text.why},
            "help": {"text": text.hint},
            "defaultConfiguration": {"level": text.severity},
        }
        for text in rule_texts().values()
    ]
    number = {rule["id"]: index for index, rule in enumerate(rules)}
    findings = report.findings()
    where = spans(report.files, findings)
    results = [
        _sarif_result(finding, number, where, print_)
        for finding, print_ in zip(findings, _fingerprints(report, findings), strict=True)
    ]
    run: dict[str, Any] = {
        "tool": {"driver": {"name": "harmonize", "version": __version__, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "artifacts": [_artifact(file) for file in report.files],
        "results": results,
        "properties": {"summary": report.summary.to_json()},
    }
    if report.about is not None:
        run["properties"]["about"] = report.about.to_json(verdict(report.summary))
        run["invocations"] = [{"executionSuccessful": True, "endTimeUtc": report.about.date}]
    document = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    out.write(orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n")


def _artifact(file: ReportFile) -> dict[str, Any]:
    said: dict[str, Any] = {"location": {"uri": _uri(file.name)}}
    if file.size is not None:
        said["length"] = file.size
    if file.sha256:
        said["hashes"] = {"sha-256": file.sha256}
    return said


def _sarif_result(
    finding: dict[str, Any], number: dict[Any, int], where: dict[tuple[str, int, int], Span], fingerprint: str
) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(finding["file"])}}
    if finding["line"]:
        place["region"] = {"startLine": finding["line"]}
        if span := where.get((finding["file"], finding["line"], finding["position"])):
            place["region"] |= {"startColumn": span[0], "endColumn": span[1]}
    location: dict[str, Any] = {"physicalLocation": place}
    if finding["column"]:
        location["logicalLocations"] = [{"name": finding["column"], "kind": "member"}]
        if finding["record"]:
            location["logicalLocations"][0]["fullyQualifiedName"] = f"{finding['record']}: {finding['column']}"
    return {
        "ruleId": finding["rule"],
        "ruleIndex": number[finding["rule"]],
        "level": finding["severity"],
        "message": {"text": f"{finding['message']} {finding['hint']}"},
        "locations": [location],
        "partialFingerprints": {FINGERPRINT: fingerprint},
    }


def _fingerprints(report: Report, findings: Sequence[dict[str, Any]]) -> Iterator[str]:
    """What a finding is known by from one delivery to the next: rule, class of the file (else its name), column, value
    as it is shown, and record, where it is known; not its line. Of those that agree in all of that the second and later
    ones are counted."""
    contents = {file.name: file.content or file.name for file in report.files}
    seen: Counter[str] = Counter()
    for one in findings:
        parts = (one["rule"], contents[one["file"]], one["column"] or "", one["record"] or "", one["value"] or "")
        known = sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
        seen[known] += 1
        yield known if seen[known] == 1 else f"{known}:{seen[known]}"


def _uri(name: str) -> str:
    from urllib.parse import quote

    return quote(name)


def operation_outcome(report: Report, out: BinaryIO) -> None:
    """One FHIR R4 OperationOutcome; without findings its single issue says so."""
    issues: list[dict[str, Any]] = [_issue(finding) for finding in report.findings()]
    if report.summary.truncated:
        text = f"{report.summary.truncated} more findings are left out."
        issues.append({"severity": "information", "code": "informational", "diagnostics": text})
    if not issues:
        issues = [{"severity": "information", "code": "informational", "diagnostics": "No findings."}]
    document = {"resourceType": "OperationOutcome", "issue": issues}
    out.write(orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n")


def _issue(finding: dict[str, Any]) -> dict[str, Any]:
    issue = {
        "severity": finding["severity"],
        "code": _ISSUE_CODES.get(finding["rule"], "value"),
        "details": {"coding": [{"code": finding["rule"]}], "text": finding["message"]},
        "diagnostics": f"{_place(finding)}: {finding['hint']}",
    }
    # `expression` is FHIRPath, so only resources have one.
    return issue | ({"expression": [finding["path"]]} if finding["path"] else {})


def _place(finding: dict[str, Any]) -> str:
    parts = [
        finding["file"],
        f"line {finding['line']}" if finding["line"] else None,
        finding["record"],
        finding["column"],
    ]
    return ", ".join(part for part in parts if part)
