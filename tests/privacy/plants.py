"""Invented people, and what identifies them (45 CFR 164.514(b)(2)(i)) as texts to be planted into deliveries.

Names are made of syllables, so that no list has them; nothing stands beside a token that says what it is, unless a kind
is labelled. A token that is found in an output of the product has leaked.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

_STARTS = ("Quil", "Zor", "Vex", "Thra", "Brix", "Glim", "Droz", "Yav", "Krel", "Fenz", "Oxn", "Wulb")
_ENDS = ("lanov", "brathi", "helmur", "quindo", "zemrik", "tovush", "gralby", "pindak", "mostru", "jefkin", "dorvax")


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist."""

    given: str
    family: str
    street: str
    mrn: str
    ssn: str
    phone: str
    email: str
    born: str
    plan: str
    device: str
    url: str
    address: str


def person(seed: int) -> Person:
    """The person of a seed."""
    draw = random.Random(f"person/{seed}")

    def word() -> str:
        return draw.choice(_STARTS) + draw.choice(_ENDS)

    # no two people share a name: the letters of the number stand between its syllables
    own = "".join("aeioulnrst"[int(digit)] for digit in str(seed))
    given, family = draw.choice(_STARTS) + own + draw.choice(_ENDS), draw.choice(_STARTS) + own + draw.choice(_ENDS)
    return Person(
        given,
        family,
        street=f"{draw.randint(11, 999)} {word()} Street",
        mrn=f"00{seed:03}{draw.randint(100, 999)}",
        ssn=f"2{draw.randint(10, 99)}-{draw.randint(10, 99)}-{draw.randint(1000, 9999)}",
        phone=f"(617) {400 + seed // 8000}-{1000 + seed % 8000}",
        email=f"{given}.{family}@{word().lower()}.org",
        born=f"{draw.randint(1, 12)}/{draw.randint(13, 28)}/19{draw.randint(30, 89)}",
        plan=f"XKH{draw.randint(10**9, 10**10 - 1)}",
        device=f"{draw.randint(10**8, 10**9 - 1)}",
        url=f"https://portal.{word().lower()}.org/p/{draw.randint(1000, 9999)}",
        address=f"203.{draw.randint(10, 99)}.{draw.randint(10, 99)}.{draw.randint(10, 99)}",
    )


def tokens(of: Person) -> dict[str, tuple[str, str]]:
    """Kind → (the text that is planted, the token in it that may be in no output)."""
    return {
        "name": (f"{of.given} {of.family}", of.family),
        "name_in_text": (f"cough, says {of.family.lower()} today", of.family.lower()),
        "date": (of.born, of.born),
        "mrn": (of.mrn, of.mrn),
        "mrn_labelled": (f"MRN {of.mrn}", of.mrn),
        "ssn": (of.ssn, of.ssn),
        "phone": (of.phone, of.phone[-8:]),
        "email": (of.email, of.email),
        "address": (of.street, of.street),
        "plan": (of.plan, of.plan),
        "device": (of.device, of.device),
        "url": (of.url, of.url),
        "ip": (of.address, of.address),
    }
