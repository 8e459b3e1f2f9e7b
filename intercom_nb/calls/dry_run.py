"""Dry run: the request of a write, shown instead of sent."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pandas as pd

from ..executors.base import Executor
from ..frames import KEY, ResultInfo
from ..frames.read.columns import STRING
from .plan import CallPlan


def preview(executor: Executor, call: CallPlan) -> pd.DataFrame:
    """Build a one-row frame of the request: method, url, body (JSON text). Nothing is sent."""
    operation = call.operation
    request = executor.request(operation, call.params)
    query = f"?{urlencode(request.query)}" if request.query else ""
    # json does not know Secret, so default=repr writes it as its repr, which hides it.
    body = (
        None if request.body is None else json.dumps(request.body, ensure_ascii=False, default=repr)
    )
    row = [request.method, f"{executor.base_url}{request.path}{query}", body]
    frame = pd.DataFrame([row], columns=["method", "url", "body"], dtype=STRING)
    frame.attrs[KEY] = ResultInfo(
        {
            "entity": operation.entity,
            "action": operation.action,
            "params": call.params,
            "mode": executor.mode,
            "requests": 0,
            "dry_run": True,
        },
        {},
    )
    return frame
