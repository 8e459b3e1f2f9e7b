"""Pseudonyms for the names of teammates and companies in a report."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..analysis.names import names_for
from ..frames.masking import Masker
from .gather import Material

_NOTE = "Names of teammates and companies are pseudonyms; names of teams, tags and topics are not."


def masked(material: Material, masker: Masker) -> Material:
    """Return the material of a report with pseudonyms for teammates and companies."""
    customers = material.customers
    if customers is not None and customers.companies is not None:
        companies = _masked(names_for("company", customers.companies), masker)
        customers = dataclasses.replace(customers, companies=companies)
    return dataclasses.replace(
        material,
        names=_names(material.names, masker),
        workspace=None,
        notes=[*material.notes, _NOTE],
        customers=customers,
    )


def _names(names: Any, masker: Masker) -> Any:
    if isinstance(names, Mapping) and "teammate" in names:
        return {**names, "teammate": _masked(names_for("teammate", names), masker)}
    # A list of names of an unknown kind may be of teammates.
    if isinstance(names, pd.DataFrame) or names:
        flat = names_for("teammate", names)
        return {"team": flat, "teammate": _masked(flat, masker)} if flat else names
    return names


def _masked(names: Mapping[str, str], masker: Masker) -> dict[str, str]:
    return {key: masker.name(name) for key, name in names.items()}
