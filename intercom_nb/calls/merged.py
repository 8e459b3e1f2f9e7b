"""Merged contacts: the contact that another one became."""

from __future__ import annotations

from .. import catalog
from ..errors import IntercomError
from ..executors.base import Executor
from .plan import CallPlan


def call_of_successor(executor: Executor, call: CallPlan, error: IntercomError) -> CallPlan | None:
    """Return the call for the contact that a merged one became, which is not followed again.

    None if the error names no such contact, or the call does not follow merged ones.
    """
    successor = getattr(error, "merged_into", None)
    if not call.follow_merged or not successor:
        return None
    operation = executor.adapt(catalog.operation("contacts", "get"))
    same = {"include_merge_history"} & call.params.keys()
    params = {"id": successor, **{name: call.params[name] for name in same}}
    return CallPlan(operation, params, complete=call.complete)
