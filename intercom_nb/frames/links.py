"""Links to records in the Intercom web app."""

from __future__ import annotations

from typing import Any

import pandas as pd

from .. import catalog
from ..errors import UnknownNameError
from .cells import one_column
from .read.columns import STRING

_HOSTS = {
    "us": "https://app.intercom.com",
    "eu": "https://app.eu.intercom.com",
    "au": "https://app.au.intercom.com",
}
# Intercom reads this as "the workspace that I am signed in to".
_CURRENT = "_"


def links(
    frame: pd.DataFrame, entity: str, base_url: str, workspace_id: str | None
) -> pd.Series[Any]:
    """Return the address of each row's record, in the region of ``base_url``."""
    paths = {name: data.web_path for name, data in catalog.entities().items() if data.web_path}
    if entity not in paths or "id" not in frame:
        raise UnknownNameError(
            f"Records of {entity} have no page in Intercom. These have one: {', '.join(paths)}."
        )
    region = next((r for r in ("eu", "au") if f"//api.{r}." in base_url), "us")
    start = _HOSTS[region] + paths[entity]
    workspaces = [workspace_id] * len(frame)
    if workspace_id is None and "workspace_id" in frame:
        workspaces = [v if isinstance(v, str) else None for v in frame["workspace_id"]]
    made = [
        start.format(workspace=workspace or _CURRENT, id=key) if isinstance(key, str) else None
        for workspace, key in zip(workspaces, one_column(frame, "id"), strict=True)
    ]
    return pd.Series(pd.array(made, dtype=STRING), index=frame.index, name="link")
