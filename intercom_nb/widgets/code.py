"""The code tab: the Python and the curl line that ask the same as the form."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from ..calls import paged_call
from ..catalog.model import Operation
from ..connector import IntercomConnector
from ..executors.direct import DEFAULT_VERSION
from ..transport import wire
from .connection import Connection

_LINE = 88


def python_code(connection: Connection, operation: Operation, arguments: Mapping[str, Any]) -> str:
    """Write the cell that gives the same DataFrame without the form."""
    lines = ["import intercom_nb as inb", ""]
    lines += [*connection.code(writes=operation.writes), ""]
    call = f"await c.{operation.entity}.{operation.action}"
    lines.append(f"df = {call}({_arguments(call, arguments)})")
    return "\n".join(lines)


def curl_code(
    connector: IntercomConnector, operation: Operation, arguments: Mapping[str, Any]
) -> str:
    """Write the request of the first page as a curl line; the token stays in the environment."""
    request = first_request(operation, arguments)
    url = Connection.of(connector).base_url + request.path
    if request.query:
        url += f"?{urlencode(request.query)}"
    parts = [f"curl -X {request.method} {shlex.quote(url)}"]
    parts.append('-H "Authorization: Bearer $INTERCOM_ACCESS_TOKEN"')
    headers = {"Accept": "application/json", **request.headers}
    if request.body is not None:
        headers["Content-Type"] = "application/json"
    parts += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in headers.items()]
    if request.body is not None:
        parts.append(f"-d {shlex.quote(json.dumps(request.body, ensure_ascii=False))}")
    return " \\\n  ".join(parts)


def first_request(operation: Operation, arguments: Mapping[str, Any]) -> wire.Request:
    """Build the first request of a call, as it would be sent."""
    call = paged_call(operation, (), arguments)
    return wire.build_request(operation, call.params, DEFAULT_VERSION)


def short_call(operation: Operation, arguments: Mapping[str, Any]) -> str:
    """Name a call in one line: ``contacts.list(limit=100)``."""
    inside = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
    return f"{operation.name}({inside})"


def _arguments(call: str, arguments: Mapping[str, Any]) -> str:
    parts: list[str] = []
    for name, value in arguments.items():
        if name == "query":
            parts.insert(0, _literal(value, 1))
        else:
            parts.append(f"{'from_' if name == 'from' else name}={_literal(value, 1)}")
    inside = ", ".join(parts)
    if len(call) + len(inside) + 7 <= _LINE and "\n" not in inside:
        return inside
    return "\n" + "".join(f"    {part},\n" for part in parts)


def _literal(value: Any, depth: int) -> str:
    """Write a value as Python, over several lines when it is long."""
    text = repr(value)
    if len(text) + 4 * depth <= _LINE - 12 or not isinstance(value, (dict, list)) or not value:
        return text
    inner, outer = "    " * (depth + 1), "    " * depth
    if isinstance(value, dict):
        items = [f"{inner}{k!r}: {_literal(v, depth + 1)},\n" for k, v in value.items()]
        return "{\n" + "".join(items) + outer + "}"
    items = [f"{inner}{_literal(v, depth + 1)},\n" for v in value]
    return "[\n" + "".join(items) + outer + "]"
