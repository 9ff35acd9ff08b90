"""The findings in the formats of other tools: JUnit XML, SARIF 2.1.0, FHIR R4 OperationOutcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO
from xml.etree import ElementTree as ET

import orjson

from harmonize.engine.version import __version__
from harmonize.validation.rules import rule_texts

if TYPE_CHECKING:
    from harmonize.validation.report.model import Group, Report

EXAMPLES = 20
# What XML 1.0 cannot hold, even escaped.
_NOT_XML = dict.fromkeys((*(code for code in range(32) if code not in (9, 10, 13)), 0xFFFE, 0xFFFF), "�")
_ISSUE_CODES = {
    "required": "required", "missing_column": "required", "enum": "code-invalid", "unique_key": "duplicate",
    "repeated_record": "duplicate", "ragged": "structure", "quoting": "structure", "nul_byte": "structure",
    "encoding": "structure", "blank_header": "structure", "duplicate_header": "structure",
}  # fmt: skip


def junit(report: Report, out: BinaryIO) -> None:
    """A suite for each file, a case for each rule: errors fail it, warnings go to its output."""
    groups = report.groups(EXAMPLES)
    root = ET.Element("testsuites", name="harmonize validate", time=f"{report.summary.seconds:.3f}")
    for file in report.files:
        suite = ET.SubElement(root, "testsuite", name=_xml(file.name))
        own = [group for group in groups if group.file_id == file.file_id]
        failures = 0
        for rule in rule_texts() if file.file_id is not None else ():
            case = ET.SubElement(suite, "testcase", classname=_xml(file.name), name=rule)
            hits = [group for group in own if group.rule == rule]
            if hits and hits[0].severity == "error":
                failures += 1
                count = sum(group.count for group in hits)
                ET.SubElement(case, "failure", message=f"{count} findings", type=rule).text = _said(hits)
            elif hits:
                ET.SubElement(case, "system-out").text = _said(hits)
        suite.set("tests", str(len(suite)))
        suite.set("failures", str(failures))
    ET.indent(root)
    ET.ElementTree(root).write(out, encoding="utf-8", xml_declaration=True)
    out.write(b"\n")


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
    """SARIF 2.1.0, as code hosts and editors show it."""
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
    results = [_sarif_result(finding, number) for finding in report.findings()]
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "harmonize", "version": __version__, "rules": rules}},
                "results": results,
                "properties": {"summary": report.summary.to_json()},
            }
        ],
    }
    out.write(orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n")


def _sarif_result(finding: dict[str, Any], number: dict[Any, int]) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(finding["file"])}}
    if finding["line"]:
        place["region"] = {"startLine": finding["line"]}
    location: dict[str, Any] = {"physicalLocation": place}
    if finding["column"]:
        location["logicalLocations"] = [{"name": finding["column"], "kind": "member"}]
    return {
        "ruleId": finding["rule"],
        "ruleIndex": number[finding["rule"]],
        "level": finding["severity"],
        "message": {"text": f"{finding['message']} {finding['hint']}"},
        "locations": [location],
    }


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
