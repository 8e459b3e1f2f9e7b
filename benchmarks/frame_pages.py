"""Pages of list responses, made of demo records as large as real ones.

``python -m benchmarks.frame_pages ENTITY KIND FOLDER ROWS`` writes them to files, one a page:
processes that measure have no demo in memory, since its objects would be in the way of the
collector. The kind is ``clean``, or ``odd`` for records as ``odd_values`` makes them.
"""

from __future__ import annotations

import itertools
import json
import pathlib
import random
import sys

from .odd_values import vary
from .records import Record, Templates

PER_PAGE = 150
KEYS = {"conversations": "conversations", "contacts": "data"}
KINDS = ("clean", "odd")
_BYTES = {"conversations": 3_300, "contacts": 2_400}
_WORDS = ("the board", "our cards", "again", "after a reload", "where do I change", "what it does")


def page_bytes(entity: str, kind: str, rows: int) -> list[bytes]:
    """Return pages of the demo's records, with ids of their own and as large as real ones."""
    rng = random.Random(7)
    key = KEYS[entity]
    templates = itertools.cycle(Templates().search(entity, 600))
    records = []
    for number in range(rows):
        record = _real(entity, next(templates), number, rng)
        if kind == "odd":
            dice = random.Random(number)  # the other values stay those of the clean record
            vary(entity, record, dice, number / rows)
        records.append(_serialized(record))
    return [
        b'{"type":"list","%b":[%b],"total_count":%d,"pages":{"type":"pages"%b}}'
        % (key.encode(), b",".join(records[start : start + PER_PAGE]), rows, _next(start, rows))
        for start in range(0, rows, PER_PAGE)
    ]


def _real(entity: str, template: Record, number: int, rng: random.Random) -> Record:
    record: Record = json.loads(_serialized(template))
    record["id"] = f"{number:018}"
    attributes = record["custom_attributes"]
    for place in range(8):
        value = (rng.choice(_WORDS), rng.randrange(10_000), rng.random() < 0.5)[place % 3]
        attributes[f"attribute {place}"] = value if rng.random() < 0.8 else None
    missing = _BYTES[entity] - len(_serialized(record))
    words = itertools.islice(iter(lambda: rng.choice(_WORDS), ""), max(0, missing // 4))
    text = " ".join(words)[: max(0, missing)]
    if entity == "conversations":
        record["source"]["body"] = f"{record['source']['body'] or ''}<p>{text}</p>"
    else:
        attributes["note"] = text
    return record


def _serialized(record: Record) -> bytes:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def _next(start: int, rows: int) -> bytes:
    after = start + PER_PAGE
    return b',"next":{"starting_after":"%d"}' % after if after < rows else b""


def main(entity: str, kind: str, folder: str, rows: str) -> None:
    """Write the pages of an entity, in order."""
    for number, page in enumerate(page_bytes(entity, kind, int(rows))):
        pathlib.Path(folder, f"{number:04}.json").write_bytes(page)


if __name__ == "__main__":
    main(*sys.argv[1:])
