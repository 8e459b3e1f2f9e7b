"""What importing costs: this package, beyond its core dependencies."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

_DEPENDENCIES = (
    "import anywidget, httpx, ipywidgets, msgspec, nest_asyncio2, nh3, pandas, tqdm, dotenv"
)
_OURS = "import intercom_nb; intercom_nb.IntercomConnector; intercom_nb.IntercomAuthConfig('x')"
_CPU = "import time; print(time.process_time())"
_TRIES = 5


def cpu(code: str, tries: int = _TRIES) -> float:
    """Give the CPU seconds of a fresh interpreter that runs code, the least of some tries."""
    return min(
        float(
            subprocess.run(
                [sys.executable, "-c", f"{code}\n{_CPU}"],
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        )
        for _ in range(tries)
    )


def lines() -> Iterator[str]:
    """Say what importing costs."""
    bare, needed = cpu("pass"), cpu(_DEPENDENCIES)
    alone, both = cpu("import intercom_nb"), cpu(f"{_DEPENDENCIES}\n{_OURS}")
    yield (
        f"imports: `import intercom_nb` {(alone - bare) * 1e3:.0f} ms of CPU; the core "
        f"dependencies {(needed - bare) * 1e3:.0f} ms, the connector beyond them "
        f"{(both - needed) * 1e3:.0f} ms"
    )
