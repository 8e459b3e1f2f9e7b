"""``%%intercom_sql``: SQL over an extracted dataset, with variables as parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..catalog.coerce import parse_value
from ..errors import DatasetError, InvalidParameterError, UnsupportedError, did_you_mean
from .tokenizer import Word, checked_target, expanded, is_text, split

if TYPE_CHECKING:
    import pandas as pd

    from ..dataset import Dataset

COMMAND = "intercom_sql"
_USAGE = f"Write: %%{COMMAND} FOLDER [df <<] [--NAME VALUE ...], and the query below."


def run_sql(line: str, query: str, variables: Mapping[str, Any]) -> tuple[str | None, pd.DataFrame]:
    """Run the query of a cell: (the variable in front of ``<<`` or None, the result).

    Raises InvalidParameterError for an invalid line or query, and DatasetError if the folder has
    no dataset.
    """
    target, place, options = _read(line, variables)
    if not query.strip():
        raise InvalidParameterError(f"The query is empty. {_USAGE}")
    dataset = _dataset(place)
    return target, dataset.sql(query, _parameters(query, options, variables) or None)


def _read(line: str, variables: Mapping[str, Any]) -> tuple[str | None, Any, dict[str, Any]]:
    target = None
    found = re.search(r"(?:^|\s)(\S+?)\s*<<(?:\s|$)", line)
    if found is not None:
        target = checked_target(found[1])
        line = f"{line[: found.start()]} {line[found.end() :]}"
    places: list[Any] = []
    options: dict[str, Any] = {}
    words = iter(split(line))
    for word in words:
        if not word.text.startswith("--") or word.is_quoted:
            places.append(expanded(word, variables))
            continue
        name, equals, text = word.text[2:].partition("=")
        value = Word(text, word.start, word.end, word.is_quoted) if equals else next(words, None)
        if value is None:
            raise InvalidParameterError(f"--{name} needs a value.")
        options[name] = _value(value, variables)
    if len(places) != 1:
        raise InvalidParameterError(
            f"Expected one folder, not {len(places)}. {_USAGE}" if places else _USAGE
        )
    return target, places[0], options


def _value(word: Word, variables: Mapping[str, Any]) -> Any:
    value = expanded(word, variables)
    return parse_value(value, quoted=is_text(word)) if isinstance(value, str) else value


def _dataset(place: Any) -> Dataset:
    from ..dataset import Dataset

    if isinstance(place, Dataset):
        return place
    if not isinstance(place, str) and not hasattr(place, "__fspath__"):
        raise DatasetError(f"Expected a folder or a dataset, not {type(place).__name__}. {_USAGE}")
    return Dataset(place)


def _parameters(
    query: str, options: Mapping[str, Any], variables: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the values of each ``$name`` in a query; they are bound, never inserted as text."""
    names = _names(query)
    left = options.keys() - names
    if left:
        name = min(left)
        raise InvalidParameterError(
            f"--{name} is not used: the query has no ${name}.{did_you_mean(name, names)}"
        )
    values = {}
    for name in sorted(names):
        if name not in options and name not in variables:
            raise InvalidParameterError(
                f"The query has ${name}, but neither --{name} nor a variable of that name is set."
            )
        value = options.get(name, variables.get(name))
        values[name] = value.item() if hasattr(value, "item") else value  # numpy's own types
    return values


def _names(query: str) -> set[str]:
    try:
        import duckdb
    except ImportError:
        raise UnsupportedError("This needs duckdb: pip install 'intercom-nb[data]'.") from None
    try:
        return {name for one in duckdb.extract_statements(query) for name in one.named_parameters}
    except duckdb.Error as error:
        raise InvalidParameterError(f"SQL: {error}") from None
