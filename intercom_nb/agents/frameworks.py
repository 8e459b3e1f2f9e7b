"""Frameworks of AI agents, and how each reports an error to the model."""

from __future__ import annotations

import importlib
import sys
from typing import Any

from ..errors import ConfigurationError, IntercomError, did_you_mean

# The exceptions that a framework reports to the model, newest home first. OpenAI Agents reports
# what a tool returns; function_tool distinguishes that package from a project's module "agents".
FRAMEWORKS: dict[str, tuple[tuple[str, str], ...]] = {
    "pydantic_ai": (("pydantic_ai", "ModelRetry"),),
    "langchain": (("langchain_core.tools", "ToolException"),),
    "openai_agents": (("agents", "function_tool"),),
    "mcp": (
        ("fastmcp.exceptions", "ToolError"),
        ("mcp.server.mcpserver.exceptions", "ToolError"),  # mcp 2
        ("mcp.server.fastmcp.exceptions", "ToolError"),  # mcp 1
    ),
    "none": (),
}
_ALIASES = {"fastmcp": "mcp"}


def framework_name(framework: str | None) -> str | None:
    """Return the key of FRAMEWORKS: hyphens count as underscores, and fastmcp is mcp.

    Raises ConfigurationError for an unknown framework.

    >>> framework_name("pydantic-ai")
    'pydantic_ai'
    """
    if framework is None:
        return None
    name = str(framework).replace("-", "_")
    name = _ALIASES.get(name, name)
    if name not in FRAMEWORKS:
        near = did_you_mean(name, FRAMEWORKS)
        raise ConfigurationError(
            f"{framework!r} is not a supported framework.{near} "
            f"Valid values: {', '.join(FRAMEWORKS)}."
        )
    return name


def report_error(error: IntercomError, framework: str | None, text: str | None = None) -> Any:
    """Raise or return what makes the framework report an error to the model.

    None stands for the framework that is already imported; without one, the error itself is raised.
    """
    text = text or f"{type(error).__name__}: {error}"
    name = framework or _framework_in_use()
    if name == "none":
        raise error
    if name == "openai_agents":
        return text
    raise _error_class(name)(text) from error


def _framework_in_use() -> str:
    for name, homes in FRAMEWORKS.items():
        if any(_is_imported(*home) for home in homes):
            return name
    return "none"


def _is_imported(module: str, attribute: str) -> bool:
    return hasattr(sys.modules.get(module), attribute)


def _error_class(framework: str) -> Any:
    homes = sorted(FRAMEWORKS[framework], key=lambda home: not _is_imported(*home))
    for module, attribute in homes:
        try:
            return getattr(importlib.import_module(module), attribute)
        except ImportError:
            continue
    package = homes[0][0].partition(".")[0].replace("_", "-")
    raise ConfigurationError(
        f"framework={framework!r} requires a package that is not installed: pip install {package}"
    )
