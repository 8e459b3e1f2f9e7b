"""Picture of how costs grow: CPU a record, peak memory and time over the number of records."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Sequence

from .growth import JOBS, Cost

PICTURE = pathlib.Path(__file__).parents[1] / "docs" / "images" / "growth.svg"
_PANELS: dict[str, Callable[[Cost], float]] = {
    "CPU per record (µs)": lambda cost: cost.cpu / cost.rows * 1e6,
    "Peak memory (MB)": lambda cost: cost.peak / 1e6,
    "Time (s)": lambda cost: cost.seconds,
}


def draw(found: Sequence[Cost], to: pathlib.Path = PICTURE) -> None:
    """Write the picture as SVG."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "growth"  # the same costs give the same file
    mpl.rcParams["svg.fonttype"] = "none"
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(1, len(_PANELS), figsize=(11, 3.8), layout="constrained")
    for ax, (title, value) in zip(axes, _PANELS.items(), strict=True):
        for job in JOBS:
            costs = [cost for cost in found if cost.job == job]
            ax.plot([c.rows for c in costs], [value(c) for c in costs], marker="o", label=job)
        ax.set(title=title, xlabel="records", xscale="log", yscale="log")
        ax.grid(alpha=0.3)
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), frameon=False)
    figure.savefig(to, metadata={"Date": None})
    plt.close(figure)
