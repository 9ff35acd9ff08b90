"""Ids that tell nothing of the order in which rows came: a keyed permutation of all ids of a store.

The block cipher SPECK48/96 (Beaulieu and others 2013, The SIMON and SPECK families of lightweight block ciphers) over
the table's number (6 bits) and the id (42 bits). It maps 48 bits to 48 bits one to one, so that no two rows meet and
every number is exact in a DOUBLE; it is nothing but additions, rotations and XOR, so DuckDB computes it by columns.
The table's number matters: were row 17 of every table to have the same id, equal ids would tell the order of rows.
"""

from __future__ import annotations

from harmonize.engine.errors import InternalError

WORD = 24
ROUNDS = 23
ID_BITS = 42
KEY_BYTES = 12
_MASK = (1 << WORD) - 1


def round_keys(key: bytes) -> list[int]:
    """The 23 round keys of a key of 12 bytes, the highest word first as the cipher's authors write it."""
    if len(key) != KEY_BYTES:
        raise InternalError(f"A permutation needs {KEY_BYTES} bytes of key, not {len(key)}.")
    words = [int.from_bytes(key[start : start + 3]) for start in range(0, KEY_BYTES, 3)]
    *others, own = words
    schedule, rounds = others[::-1], [own]
    for i in range(ROUNDS - 1):
        schedule.append(((rounds[i] + _right(schedule[i], 8)) & _MASK) ^ i)
        rounds.append(_left(rounds[i], 3) ^ schedule[-1])
    return rounds


def published_id(rounds: list[int], number: int, row_id: int) -> int:
    """The published id of a row of the table with this number."""
    if not 0 <= row_id < 1 << ID_BITS:
        raise InternalError(f"The id {row_id} is outside of what can be published.")
    return encrypt(rounds, number << ID_BITS | row_id)


def store_id(rounds: list[int], published: int) -> tuple[int, int] | None:
    """(table's number, id in the store) of a published id; None where it has more bits than one has."""
    if not 0 <= published < 1 << 2 * WORD:
        return None
    block = decrypt(rounds, published)
    return block >> ID_BITS, block & (1 << ID_BITS) - 1


def encrypt(rounds: list[int], block: int) -> int:
    """One block of 48 bits through the cipher."""
    x, y = block >> WORD, block & _MASK
    for key in rounds:
        x = ((_right(x, 8) + y) & _MASK) ^ key
        y = _left(y, 3) ^ x
    return x << WORD | y


def decrypt(rounds: list[int], block: int) -> int:
    """One block back."""
    x, y = block >> WORD, block & _MASK
    for key in reversed(rounds):
        y = _right(y ^ x, 3)
        x = _left(((x ^ key) - y) & _MASK, 8)
    return x << WORD | y


def permuted(ids: str, rounds: str) -> str:
    """SQL of omop_table, id and published for a query of omop_table, number and id; `rounds` is SQL of the round keys.

    A level for each half of a round, as each value of a round is used twice by the next.
    """
    query = f"SELECT omop_table, id, (number << {ID_BITS - WORD}) | (id >> {WORD}) AS x, id & {_MASK} AS y FROM ({ids})"
    for number in range(1, ROUNDS + 1):
        turned = f"((x >> 8) | ((x & 255) << {WORD - 8}))"
        query = f"SELECT omop_table, id, xor(({turned} + y) & {_MASK}, {rounds}[{number}]) AS x, y FROM ({query})"
        turned = f"((y & {_MASK >> 3}) << 3 | (y >> {WORD - 3}))"
        query = f"SELECT omop_table, id, x, xor({turned}, x) AS y FROM ({query})"
    return f"SELECT omop_table, id, (x << {WORD}) | y AS published FROM ({query})"


def _right(word: int, by: int) -> int:
    return (word >> by | word << WORD - by) & _MASK


def _left(word: int, by: int) -> int:
    return (word << by | word >> WORD - by) & _MASK
