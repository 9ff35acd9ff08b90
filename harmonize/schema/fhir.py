"""Generator: what the models of fhir.resources say, as data under schemas/fhir/. Run with
`python -m harmonize.schema.fhir`; it needs the extra `fhir`, those who read the files do not.

r4.json        JSON Schema of R4 (R4B 4.3, which differs from R4 4.0.1 in research and drug definition types alone);
               the codes that an element takes are those of HL7's definitions (bindings.json, fhir_bindings.py), of
               types that R4B alone has those of the models
versions.json  by version and resource type, the elements that R4B lacks; resourceType of a type that R4 lacks
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, get_args, get_origin

import orjson

from harmonize.engine.paths import require_checkout, root

if TYPE_CHECKING:
    from pathlib import Path

VERSIONS = {"R4B": "R4", "R5": "", "STU3": "STU3"}  # version → prefix of its types in the registry
_MODULES = {
    "R4B": "fhir.resources.R4B.fhirtypes",
    "R5": "fhir.resources.fhirtypes",
    "STU3": "fhir.resources.STU3.fhirtypes",
}
# Resource types of R4 that R4B has no more; they are known, and not looked into.
ONLY_R4 = (
    "EffectEvidenceSynthesis", "MedicinalProduct", "MedicinalProductAuthorization", "MedicinalProductContraindication",
    "MedicinalProductIndication", "MedicinalProductIngredient", "MedicinalProductInteraction",
    "MedicinalProductManufactured", "MedicinalProductPackaged", "MedicinalProductPharmaceutical",
    "MedicinalProductUndesirableEffect", "RiskEvidenceSynthesis", "SubstanceNucleicAcid", "SubstancePolymer",
    "SubstanceProtein", "SubstanceReferenceInformation", "SubstanceSourceMaterial", "SubstanceSpecification",
)  # fmt: skip
ABSTRACT = ("Resource", "DomainResource", "CanonicalResource", "MetadataResource")
# FHIR DSTU2 (1.0.2, https://hl7.org/fhir/DSTU2), of which fhir.resources has no models: what it alone has of clinical
# types, and its types that no later version has.
DSTU2 = {
    "AllergyIntolerance": ["lastOccurence", "substance"],
    "Condition": ["dateRecorded", "patient"],
    "DiagnosticOrder": ["resourceType"],
    "DocumentReference": ["class", "created", "indexed"],
    "Encounter": ["indication", "patient"],
    "Immunization": ["date", "explanation", "reported", "wasNotGiven"],
    "MedicationAdministration": ["effectiveTimeDateTime", "effectiveTimePeriod", "reasonNotGiven", "wasNotGiven"],
    "MedicationOrder": ["resourceType"],
    "MedicationStatement": ["reasonForUseCodeableConcept", "reasonForUseReference", "reasonNotTaken", "wasNotTaken"],
    "Observation": ["comments"],
    "Patient": ["careProvider"],
    "Procedure": ["notPerformed", "reasonNotPerformed"],
}
# Calendar days, leap years included.
_YEAR = "[0-9]{4}"
_LEAP = "(?:[0-9][0-9](?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
_DAY = (
    f"(?:{_YEAR}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    f"|02-(?:0[1-9]|1[0-9]|2[0-8]))|{_LEAP}-02-29)"
)
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\\.[0-9]+)?"
_ZONE = "(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_PARTIAL = f"{_YEAR}(?:-(?:0[1-9]|1[0-2]))?"
_BASE64 = "\\s*(?:(?:[0-9a-zA-Z+/]\\s*){4})*(?:(?:[0-9a-zA-Z+/]\\s*){2}=\\s*=|(?:[0-9a-zA-Z+/]\\s*){3}=)?\\s*"


def _text(pattern: str) -> dict[str, Any]:
    return {"type": "string", "pattern": f"^(?:{pattern})$"}


def _whole(lowest: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": lowest, "maximum": 2**31 - 1}


_ADDRESS = {"type": "string", "pattern": "^\\S*$", "minLength": 1}  # jsonschema-rs knows this pattern without a regex
# RFC 6838: names as in section 4.2, of parameters too (4.3); it says nothing of their values, and HL7's own examples
# have some with blanks (application/dicom; variant=DICOM STOW-RS).
_NAME = "[0-9A-Za-z][0-9A-Za-z!#$&^_.+-]{0,126}"
_MIME = f'{_NAME}/{_NAME}(?: ?; ?{_NAME}=(?:[^;"]+|"[^"]*"))*'
# BCP 47 (RFC 5646, section 2.1), with its irregular tags
_LANGUAGE = (
    "(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?"
    "(?:-(?:[0-9A-Za-z]{5,8}|[0-9][0-9A-Za-z]{3}))*(?:-[0-9A-WY-Za-wy-z](?:-[0-9A-Za-z]{2,8})+)*"
    "(?:-[xX](?:-[0-9A-Za-z]{1,8})+)?|[xX](?:-[0-9A-Za-z]{1,8})+|en-GB-oed|sgn-(?:BE-FR|BE-NL|CH-DE)"
    "|i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)"
)
_MIME_WORDS = "a MIME type (text/plain, application/fhir+json)"
# Grammar of a binding → the pattern of its values, and in words what they are.
GRAMMARS = {
    "mime": (_MIME, _MIME_WORDS),
    "format": (f"xml|json|ttl|{_MIME}", f"xml, json, ttl or {_MIME_WORDS}"),
    "language": (_LANGUAGE, "a language (en, de-CH, zh-Hant)"),
    "currency": ("[A-Z]{3}", "a currency (EUR, USD)"),
}
# https://hl7.org/fhir/R4/datatypes.html#primitive
PRIMITIVES: dict[str, Any] = {
    "base64Binary": _text(_BASE64),
    "boolean": {"type": "boolean"},
    "canonical": _ADDRESS,
    "code": _text("[^\\s]+(?:\\s[^\\s]+)*"),
    "date": _text(f"{_PARTIAL}|{_DAY}"),
    "dateTime": _text(f"{_PARTIAL}|{_DAY}(?:T{_CLOCK}{_ZONE})?"),
    "decimal": {"type": "number"},
    "id": _text("[A-Za-z0-9.-]{1,64}"),
    "instant": _text(f"{_DAY}T{_CLOCK}{_ZONE}"),
    "integer": _whole(-(2**31)),
    "markdown": {"type": "string", "minLength": 1},
    "oid": _text("urn:oid:[0-2](?:\\.(?:0|[1-9][0-9]*))+"),
    "positiveInt": _whole(1),
    "string": {"type": "string", "minLength": 1},
    "time": _text(_CLOCK),
    "unsignedInt": _whole(0),
    "uri": _ADDRESS,
    "url": _ADDRESS,
    "uuid": _text("urn:uuid:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
    "xhtml": {"type": "string", "minLength": 1},
}


def models(version: str) -> dict[str, Any]:
    """Name → class of every model of a version: resources, data types, backbone elements."""
    from fhir_core.constraints import FHIR_TYPES_MAPS

    importlib.import_module(_MODULES[version])
    found = {}
    for key, where in FHIR_TYPES_MAPS.items():
        prefix, _, _name = key.rpartition(".")
        if prefix == VERSIONS[version]:
            module, _, name = where.rpartition(".")
            cls = getattr(importlib.import_module(module), name)
            found[cls.__name__] = cls
    return found


def bound_elements(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """`Model.element` → what HL7's definitions bind it to (bindings.json); `found` are the models by name."""
    told: dict[str, dict[str, Any]] = orjson.loads((root("schemas") / "fhir" / "bindings.json").read_bytes())
    bound: dict[str, dict[str, Any]] = {}
    for path, binding in told.items():
        name, *steps = path.split(".")
        for step in steps[:-1]:
            name = _model_of(found[name], step) if name in found else ""
        if name in found:
            bound[f"{name}.{steps[-1]}"] = binding
    # Age and its kin are profiles of Quantity in HL7's definitions, models of their own here.
    for kind in ("Age", "Count", "Distance", "Duration"):
        bound[f"{kind}.comparator"] = bound["Quantity.comparator"]
    return bound


def _model_of(cls: Any, element: str) -> str:
    """The name of the model that an element of another one holds, empty where R4B has no such element."""
    for name, field in cls.model_fields.items():
        if (field.alias or name) == element:
            inner = _without_none(field.annotation)
            inner = _without_none(get_args(inner)[0]) if get_origin(inner) is list else inner
            return str(getattr(inner, "_model_klass", "")).rpartition(".")[2]
    return ""


def definition(cls: Any, bound: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """JSON Schema of one model: elements and their types, lists, what is required, what codes it takes, choices.

    Stricter than the models where they only convert what FHIR forbids: null, empty lists and objects, numbers and
    booleans as text (docs/fhir-validation.md lists it all).
    """
    properties: dict[str, Any] = {}
    required: list[str] = []
    choices: dict[str, list[str]] = {}
    needed: set[str] = set()
    for name, field in cls.model_fields.items():
        if name == "fhir_comments":  # of FHIR before R4
            continue
        element = field.alias or name
        told = field.json_schema_extra or {}
        binding = bound.get(f"{cls.__name__}.{element}") or {"codes": told.get("enum_values")}
        properties[element] = _element(field.annotation, binding)
        if field.is_required():
            required.append(element)
        if group := told.get("one_of_many"):
            choices.setdefault(group, []).append(element)
            if told["one_of_many_required"]:
                needed.add(group)
        elif told.get("element_required"):
            choices.setdefault(f"={element}", [])
    if cls.has_resource_base():
        properties["resourceType"] = {"const": cls.__resource_type__}
        required.append("resourceType")
    schema: dict[str, Any] = {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "minProperties": 1,
    }
    if required:
        schema["required"] = required
    # A required primitive may be absent where an extension says why; a required choice is any of its elements.
    present = [
        [group[1:], f"_{group[1:]}"]
        if group.startswith("=")
        else [*elements, *(f"_{e}" for e in elements if f"_{e}" in properties)]
        for group, elements in choices.items()
        if group.startswith("=") or group in needed
    ]
    if present:
        schema["allOf"] = [{"anyOf": [{"required": [element]} for element in elements]} for elements in present]
    groups = {group: elements for group, elements in choices.items() if len(elements) > 1}
    if groups:
        schema["$defs"] = {
            group: {"oneOf": [{"required": [element]} for element in elements]} for group, elements in groups.items()
        }
        schema["dependentSchemas"] = {
            element: {"$ref": f"#/definitions/{cls.__name__}/$defs/{group}"}
            for group, elements in groups.items()
            for element in elements
        }
    return schema


def _element(annotation: Any, binding: dict[str, Any]) -> dict[str, Any]:
    """Schema of one element from its annotation: Optional, List and the type within."""
    inner = _without_none(annotation)
    if get_origin(inner) is list:
        (item,) = get_args(inner)
        schema = _element(item, binding)
        if _without_none(item) is not item:  # a null keeps the place of a value that only has an extension
            schema = {"anyOf": [schema, {"type": "null"}]}
        return {"type": "array", "items": schema, "minItems": 1}
    model = getattr(inner, "_model_klass", None)
    if model is not None:
        return {"$ref": f"#/definitions/{model.rpartition('.')[2]}"}
    if inner is bool:
        return {"$ref": "#/definitions/boolean"}
    kind = _primitive(inner)
    codes, grammar = binding.get("codes"), binding.get("grammar")
    if kind == "code" and codes and "+" not in codes:
        return {"enum": codes}
    if kind == "code" and grammar:
        pattern, words = GRAMMARS[grammar]
        told = {"title": words, "x-binding": binding["strength"]}
        return {"$ref": "#/definitions/code", "pattern": f"^(?:{pattern})$", **told}
    return {"$ref": f"#/definitions/{kind}"}


def _without_none(annotation: Any) -> Any:
    """The annotation without its None, the same object where it has none."""
    arguments = get_args(annotation)
    if type(None) not in arguments:
        return annotation
    (rest,) = (argument for argument in arguments if argument is not type(None))
    return rest


def _primitive(annotation: Any) -> str:
    """FHIR's name of an annotated Python type."""
    from fhir_core.constraints import FHIR_PRIMITIVES_MAPS

    if annotation in FHIR_PRIMITIVES_MAPS:
        return str(FHIR_PRIMITIVES_MAPS[annotation])
    return next(
        str(FHIR_PRIMITIVES_MAPS[type(mark)]) for mark in get_args(annotation)[1:] if type(mark) in FHIR_PRIMITIVES_MAPS
    )


def foreign_elements() -> dict[str, dict[str, list[str]]]:
    """Version → resource type → what only that version has: elements, of a type that R4 does not have its name."""
    known = {name: set(cls.elements_sequence()) for name, cls in models("R4B").items() if cls.has_resource_base()}
    found: dict[str, dict[str, list[str]]] = {"DSTU2": dict(DSTU2)}
    for version in ("R5", "STU3"):
        of_types = {
            name: sorted(set(cls.elements_sequence()) - known[name]) if name in known else ["resourceType"]
            for name, cls in models(version).items()
            if cls.has_resource_base() and name not in ONLY_R4 and name not in ABSTRACT
        }
        found[version] = {name: elements for name, elements in sorted(of_types.items()) if elements}
    return found


def write(folder: Path) -> None:
    """Write the files."""
    found = models("R4B")
    bound = bound_elements(found)
    definitions = {name: definition(cls, bound) for name, cls in found.items()}
    # Any resource: those within others (contained, Parameters) are validated by their own type.
    anything = {"type": "object", "properties": {"resourceType": {"type": "string"}}, "required": ["resourceType"]}
    definitions |= dict.fromkeys(("Resource", *ONLY_R4), anything)
    option = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "definitions": {**PRIMITIVES, **definitions}}
    (folder / "r4.json").write_bytes(orjson.dumps(schema, option=option))
    (folder / "versions.json").write_bytes(orjson.dumps(foreign_elements(), option=option))


if __name__ == "__main__":
    require_checkout()
    write(root("schemas") / "fhir")
