"""Code generator: the Python and the curl command of the form's request."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from ....catalog.model import Operation
from ....connector.connector import IntercomConnector
from ....transport.protocol import Request
from ...connection import LINE, Connection


def python_code(connection: Connection, operation: Operation, arguments: Mapping[str, Any]) -> str:
    """Write the cell that returns the same DataFrame without the form."""
    lines = ["import intercom_nb as inb", ""]
    lines += [*connection.code(writes=operation.writes), ""]
    if operation.returns_file:  # the method returns the bare content instead of a DataFrame
        given = f", {_literal(dict(arguments), 0)}" if arguments else ""
        call = f"c.execute({operation.entity!r}, {operation.action!r}{given})"
    else:
        call = f"c.{operation.entity}.{operation.action}"
        call += f"({_arguments(f'df = await {call}', arguments)})"
    lines.append(f"df = await {call}")
    return "\n".join(lines)


def curl_code(
    connector: IntercomConnector, operation: Operation, arguments: Mapping[str, Any]
) -> str:
    """Write the first page's request as a curl command; the token stays in the environment."""
    request = connector.build_request(operation, arguments)
    parts = [f"curl -X {request.method} {shlex.quote(request_url(connector, request))}"]
    parts.append('-H "Authorization: Bearer $INTERCOM_ACCESS_TOKEN"')
    headers = {"Accept": "application/json", **request.headers}
    if request.body is not None:
        headers["Content-Type"] = "application/json"
    parts += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in headers.items()]
    if request.body is not None:
        parts.append(f"-d {shlex.quote(json.dumps(request.body, ensure_ascii=False))}")
    return " \\\n  ".join(parts)


def request_url(connector: IntercomConnector, request: Request) -> str:
    """Return the full URL of a request."""
    query = f"?{urlencode(request.query)}" if request.query else ""
    return f"{connector.base_url}{request.path}{query}"


def short_call(operation: Operation, arguments: Mapping[str, Any]) -> str:
    """Write a call in one line: ``contacts.list(limit=100)``."""
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
    if len(call) + len(inside) + 7 <= LINE and "\n" not in inside:
        return inside
    return "\n" + "".join(f"    {part},\n" for part in parts)


def _literal(value: Any, depth: int) -> str:
    """Write a value as Python, over several lines if it is long."""
    text = repr(value)
    if len(text) + 4 * depth <= LINE - 12 or not isinstance(value, (dict, list)) or not value:
        return text
    inner, outer = "    " * (depth + 1), "    " * depth
    if isinstance(value, dict):
        items = [f"{inner}{k!r}: {_literal(v, depth + 1)},\n" for k, v in value.items()]
        return "{\n" + "".join(items) + outer + "}"
    items = [f"{inner}{_literal(v, depth + 1)},\n" for v in value]
    return "[\n" + "".join(items) + outer + "]"
