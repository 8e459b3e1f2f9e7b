from __future__ import annotations

import subprocess
import sys
from typing import Any

import pandas as pd
import pytest

from intercom_nb import analysis
from intercom_nb.errors import UnsupportedError

from .frames import contacts, conversation, frame, seconds

pytestmark = pytest.mark.slow

pytest.importorskip("matplotlib")

HOSTILE = r"<script>alert(1)</script> $\frac{1}{0}$ 🔥 漢"


def answered(day: int, wait: int, **values: object) -> dict[str, object]:
    created = f"2026-10-{day:02} 10:00"
    at = seconds(created) + wait
    statistics = {
        "time_to_admin_reply": wait,
        "first_admin_reply_at": at,
        "first_close_at": at,
        "last_close_at": at,
        "time_to_first_close": wait,
        "count_reopens": day % 2,
        "count_assignments": day % 4,
    }
    return conversation(created, statistics=statistics, **values)


DF = frame(
    *(
        answered(
            day,
            600 * day,
            team_assignee_id=day % 3 or 3,  # 0 would be "unassigned"
            state="closed",
            contacts={"contacts": [{"id": str(day % 2)}]},
            tags={"tags": [{"id": str(day % 2), "name": HOSTILE}]},
            topics={"topics": [{"id": "7", "name": HOSTILE, "type": "topic"}]},
            conversation_rating={"rating": 1 + day % 5},
            ai_agent_participated=True,
            ai_agent={"resolution_state": "escalated" if day % 2 else "assumed_resolution"},
        )
        for day in range(1, 29)
    )
)
PEOPLE = contacts(
    *(
        {
            "id": str(number),
            "signed_up_at": seconds("2026-10-01"),
            "companies": {"data": [{"id": "ab"[number]}]},
        }
        for number in range(2)
    )
)
RESULTS = {
    "volume": lambda df: analysis.volume(df),
    "volume_trend": lambda df: analysis.volume_trend(df),
    "first_reply": lambda df: analysis.first_reply(df),
    "first_reply by team": lambda df: analysis.first_reply(df, by="team", names={"3": HOSTILE}),
    "first_reply by week": lambda df: analysis.first_reply(df, by="week"),
    "first_reply by weekday": lambda df: analysis.first_reply(df, by="weekday"),
    "sla": lambda df: analysis.sla(
        df, first_reply="1h", close="2h", by="team", names={"3": HOSTILE}
    ),
    "sla by week": lambda df: analysis.sla(df, first_reply="1h", close="2h", by="week"),
    "backlog": lambda df: analysis.backlog(df),
    "reopens": lambda df: analysis.reopens(df, by="weekday"),
    "handovers": lambda df: analysis.handovers(df),
    "csat": lambda df: analysis.csat(df, by="week"),
    "pareto": lambda df: analysis.pareto(df, names={"0": HOSTILE}),
    "topics": lambda df: analysis.pareto(df, of="topics"),
    "trend": lambda df: analysis.trend(df, every="week", names={"0": HOSTILE}),
    "automation": lambda df: analysis.automation(df, by="week"),
    "automation by team": lambda df: analysis.automation(df, by="team", names={"3": HOSTILE}),
    "movers": lambda df: analysis.movers(df, "2026-W42", names={"tag": {"0": HOSTILE}}),
    "companies": lambda df: analysis.busiest_companies(df, PEOPLE, {"a": HOSTILE}),
    "companies by team": lambda df: analysis.busiest_companies(df, PEOPLE, by="team"),
    "cohorts": lambda df: analysis.cohorts(df, PEOPLE, every="week", since="2026-09-28"),
    "cohorts by team": lambda df: analysis.cohorts(
        df, PEOPLE, every="week", since="2026-09-28", by="team"
    ),
    "contacts by team": lambda df: analysis.frequent_contacts(df, more_than=1, by="team"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", RESULTS)
def test_chart_draws_every_metric_when_names_are_hostile(name: str) -> None:
    """With hostile names, and without a warning of missing signs or of formulas."""
    assert RESULTS[name](DF).metric.plot()._repr_png_().startswith(b"\x89PNG")


@pytest.mark.slow
@pytest.mark.parametrize("name", RESULTS)
@pytest.mark.parametrize("rows", [0, 1])
def test_chart_draws_every_metric_when_it_has_at_most_one_row(name: str, rows: int) -> None:
    result = RESULTS[name](DF.iloc[:rows])
    assert result.metric.plot().axes


@pytest.mark.parametrize("name", ["first_reply by team", "pareto", "trend", "movers", "companies"])
def test_chart_escapes_names_when_they_have_markup_or_formulas(name: str) -> None:
    from intercom_nb.analysis.charts import svg

    result = RESULTS[name](DF)
    text, shows = svg(result, result.attrs["metric"], salt=name)
    assert shows.endswith("UTC")
    assert "<script" not in text
    assert "&lt;script" in text
    assert "$\\frac" in text


def test_chart_names_no_period_twice_when_it_shows_changes() -> None:
    from intercom_nb.analysis.charts import svg

    result = RESULTS["movers"](DF)
    _, shows = svg(result, result.attrs["metric"], salt="movers")
    period = result.attrs["metric"]["period_text"]
    assert shows.count(period) == 1
    assert "since" in result.metric.finding  # which stands above
    assert "since" not in shows


@pytest.mark.parametrize("by", [None, "week", "channel", "weekday"])
def test_chart_notes_it_when_nothing_was_measured(by: str | None) -> None:
    nothing = frame(conversation("2026-10-01"), conversation("2026-10-20"))
    for metric in (analysis.first_reply, analysis.csat, analysis.reopens):
        axes = metric(nothing, by=by).metric.plot().axes[0]
        assert "nothing measured" in axes.get_title(loc="left")


def test_chart_has_the_finding_as_title_and_dark_colors_when_dark() -> None:
    result = analysis.csat(DF, by="week")
    light, dark = result.metric.plot(), result.metric.plot(dark=True)
    assert light.get_suptitle().replace("\n", " ") == result.metric.finding
    assert light.get_facecolor()[:3] == (1.0, 1.0, 1.0)
    assert max(dark.get_facecolor()[:3]) < 0.2


def test_chart_draws_each_bar_beside_its_name_when_one_is_empty() -> None:
    agent = {"ai_agent_participated": True, "ai_agent": {"resolution_state": "escalated"}}
    df = frame(
        *(answered(day, 60, team_assignee_id=1) for day in range(1, 10)),
        *(answered(day, 60, team_assignee_id=2, **agent) for day in range(1, 4)),
    )
    result = analysis.automation(df, by="team", names={"1": "Without", "2": "With"})
    axes = result.metric.plot().axes[0]
    names = [label.get_text() for label in axes.get_yticklabels()]
    bars = [bar.get_width() for bar in axes.containers[1]]
    assert dict(zip(names, bars, strict=True)) == {"Without": 0.0, "With": 1.0}


RATED: dict[str, object] = {"conversation_rating": {"rating": 5}}


def few_and_many() -> pd.DataFrame:
    return frame(
        *(answered(1 + n % 28, 60, team_assignee_id=1, **RATED) for n in range(25)),
        *(answered(1 + n % 28, 600, team_assignee_id=2, **RATED) for n in range(6)),
    )


@pytest.mark.parametrize("metric", [analysis.csat, analysis.reopens, analysis.first_reply])
def test_chart_draws_a_group_paler_when_it_has_few_observations(metric: Any) -> None:
    result = metric(few_and_many(), by="team", names={"1": "Many", "2": "Few"})
    axes = result.metric.plot().axes[0]
    labels = zip(axes.get_yticks(), axes.get_yticklabels(), strict=True)
    names = {place: text.get_text().split()[0] for place, text in labels}
    dots = {
        names[float(line.get_ydata()[0])]: line.get_alpha()
        for line in axes.lines
        if line.get_marker() == "o" and len(line.get_ydata()) == 1
    }
    assert dots["Few"] < 0.5
    assert dots["Many"] == 1.0
    assert "pale: fewer than 20" in axes.get_title(loc="left")


@pytest.mark.parametrize(("hits", "expected"), [(1, "2.5%"), (12, "10%")])
def test_chart_tick_labels_equal_their_positions(hits: int, expected: str) -> None:
    ratings = [5 if number < hits else 1 for number in range(40)]
    rows = (conversation("2026-10-01", conversation_rating={"rating": r}) for r in ratings)
    axes = analysis.csat(frame(*rows)).metric.plot().axes[0]
    axes.figure.canvas.draw()
    texts = [text.get_text() for text in axes.get_xticklabels()]
    assert expected in texts
    values = [float(text.removesuffix("%")) / 100 for text in texts]
    assert values == pytest.approx(list(axes.get_xticks()))


def test_chart_draws_into_the_axes_when_some_are_given() -> None:
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.subplots(1, 2)
    assert analysis.csat(DF).metric.plot(ax=axes[0]) is figure
    assert analysis.csat(DF).metric.finding.split(",")[0] in axes[0].get_title(loc="left")
    assert not axes[1].lines


def test_chart_leaves_rc_params_unchanged_when_dark() -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    analysis.volume(DF).metric.plot(dark=True)
    assert dict(mpl.rcParams) == before


@pytest.mark.slow
def test_import_of_analysis_does_not_load_matplotlib() -> None:
    code = "import sys, intercom_nb.analysis; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_chart_names_the_extra_when_matplotlib_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in [m for m in sys.modules if m.startswith("intercom_nb.analysis.charts.")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setattr("sys.meta_path", [NoMatplotlib(), *sys.meta_path])
    for module in [m for m in sys.modules if m.split(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, module)
    import intercom_nb.analysis.charts as charts

    for module in ("counts", "grids", "shares", "theme", "waits"):
        monkeypatch.delattr(charts, module, raising=False)
    with pytest.raises(UnsupportedError, match=r"intercom-nb\[charts\]"):
        analysis.volume(DF).metric.plot()


class NoMatplotlib:
    @staticmethod
    def find_spec(name: str, *_: object) -> None:
        if name.split(".")[0] == "matplotlib":
            raise ModuleNotFoundError("No module named 'matplotlib'", name="matplotlib")


def test_metric_accessor_raises_when_attrs_were_lost() -> None:
    result = analysis.csat(DF)
    with pytest.raises(AttributeError, match="lost its attrs"):
        result.merge(pd.DataFrame({"rated": result["rated"]})).metric  # noqa: B018
