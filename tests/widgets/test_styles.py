"""The forms' styles in a browser, without Jupyter: contrast, room, and what is cut off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from browser.harness import CHROMIUM_FLAGS, PATIENCE

from intercom_nb.widgets import Explorer, LoginForm
from intercom_nb.widgets.explorer.query.form_schema import catalog_forms
from intercom_nb.widgets.form import read_styles

playwright = pytest.importorskip("playwright.sync_api")

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# As in JupyterLab's themes.
DARK = """
  --jp-layout-color1: #212121; --jp-layout-color2: #424242; --jp-brand-color1: #2196f3;
  --jp-ui-font-color1: rgba(255, 255, 255, .87); --jp-border-color2: #424242;
  --jp-error-color1: #f44336; --jp-warn-color1: #ff9800; --jp-success-color1: #4caf50;
"""
LIGHT = """
  --jp-layout-color1: white; --jp-layout-color2: #eee; --jp-brand-color1: #1976d2;
  --jp-ui-font-color1: rgba(0, 0, 0, .87); --jp-border-color2: #e0e0e0;
  --jp-error-color1: #d32f2f; --jp-warn-color1: #f57c00; --jp-success-color1: #388e3c;
"""
# The contrast of a text with what is behind it; both colors may let something through.
CONTRAST = """node => {
  const pixel = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const behind = [];
  for (let one = node; one; one = one.parentElement) behind.unshift(one);
  const luminance = () => {
    const [r, g, b] = [...pixel.getImageData(0, 0, 1, 1).data].map((n) => n / 255)
      .map((n) => (n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paint = (color) => { pixel.fillStyle = color; pixel.fillRect(0, 0, 1, 1); };
  paint("white");
  for (const one of behind) paint(getComputedStyle(one).backgroundColor);
  const back = luminance();
  paint(getComputedStyle(node).color);
  const [low, high] = [back, luminance()].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}"""
READABLE = 4.5  # https://www.w3.org/TR/WCAG22/#contrast-minimum


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        one = running.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield one
        one.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(PATIENCE * 1000)
    yield page
    page.close()


def draw(
    page: Any, script: str, *, theme: str = LIGHT, width: int = 900, kind: type = Explorer
) -> Any:
    """Draw parts of a form with the forms' own script: `form` is its element."""
    page.set_content(
        f"<style>:root {{ {theme} }} {read_styles()}</style>"
        f'<div style="width: {width}px"><div class="inb" id="form"></div></div>'
    )
    start = 'const form = document.querySelector("#form");'
    own = str(kind._esm).replace("export default", "const entry =")
    page.add_script_tag(content=f"{own}\n{start}\n{script}", type="module")
    form = page.locator("#form")
    form.locator("> *").first.wait_for()
    return form


def draw_search(page: Any, value: str) -> Any:
    """Draw the form of a search as wide as in a JupyterLab window of 1,280 px."""
    [conversations] = [e for e in catalog_forms("direct") if e["name"] == "conversations"]
    [action] = [a for a in conversations["actions"] if a["name"] == "search"]
    rows = [
        {"field": "created_at", "op": "gt", "value": value},
        {"field": "state", "op": "eq", "value": "open"},
    ]
    query = {"groups": [{"rows": rows}]}
    return draw(
        page,
        f"""
        const search = new ActionForm({json.dumps(action)}, [], "30d");
        search.write({{ query: {json.dumps(query)} }});
        const main = h("section", {{ class: "inb-main" }}, search.node);
        form.append(h("div", {{ class: "inb-asking" }}, h("div", {{ class: "inb-side" }}), main));
        window.show = (errors) => {{
          const keys = search.builder.rows.map((row) => `query.${{row.id}}`);
          search.showErrors(Object.fromEntries(errors.map(([at, text]) => [keys[at], text])));
        }};
        """,
        width=848,
    )


def test_query_form_shows_a_whole_time_when_the_window_has_1280_px(page: Any) -> None:
    form = draw_search(page, "2026-10-01T04:00:00Z")
    time = form.get_by_label("Value for created_at")
    assert time.evaluate("node => node.scrollWidth <= node.clientWidth")
    for row in form.locator(".inb-q-row").all():
        assert row.bounding_box()["height"] < 40  # one line


def test_query_form_marks_and_focuses_the_value_when_a_filter_is_wrong(page: Any) -> None:
    form = draw_search(page, "2026-13-45")
    page.evaluate("show([[0, 'is not a valid time.']])")
    value = form.get_by_label("Value for created_at")
    playwright.expect(value).to_be_focused()
    invalid = form.locator("[aria-invalid=true]")
    playwright.expect(invalid).to_have_count(1)
    playwright.expect(invalid).to_have_attribute("aria-label", "Value for created_at")
    colors = "nodes => new Set(nodes.map(node => getComputedStyle(node).borderColor)).size"
    assert form.locator(".inb-q-row").first.locator("select").evaluate_all(colors) == 1
    page.evaluate("show([])")
    playwright.expect(invalid).to_have_count(0)


def test_query_form_marks_the_name_when_a_custom_attribute_has_none(page: Any) -> None:
    form = draw_search(page, "7d")
    form.get_by_label("Field").first.select_option("another attribute")
    page.evaluate("show([[0, 'needs a field.']])")
    playwright.expect(form.get_by_label("Name of the custom attribute").first).to_be_focused()


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_text_is_readable_when_the_theme_is_dark_or_light(page: Any, theme: str) -> None:
    form = draw(
        page,
        """
        form.append(
          h("header", { class: "inb-top" },
            button("Switch workspace", () => {}, { class: "inb-link" }),
            h("span", { class: "inb-problem" }, "not found"),
            h("span", { class: "inb-ok" }, "+3%")),
          h("p", {}, h("mark", {}, "refund")),
          h("div", { class: "inb-ticked" }, h("mark", {}, "refund")),
        );""",
        theme=theme,
    )
    texts = form.locator("button, span, mark")
    found = [(one.inner_text(), one.evaluate(CONTRAST)) for one in texts.all()]
    assert len(found) == 5
    assert [text for text, contrast in found if contrast < READABLE] == []


@pytest.mark.parametrize("profiled", ["false", "true"])
def test_grid_shows_its_last_row_whole_when_the_filters_are_open(page: Any, profiled: str) -> None:
    form = draw(
        page,
        f"""
        const grid = new Grid({{
          ask: async () => ({{ rows: [1, 2, 3].map((at) => ({{ at, on: false, cells: ["x"] }})) }}),
        }});
        form.append(grid.node);
        const columns = [{{ name: "a", label: "A", kind: "text", width: 900 }}];
        grid.reset({{ columns, total: 3, sort: [], steps: [], words: [] }});
        const profile = {{ column: "a", bars: [], kind: "text", missing: 0, distinct: 1 }};
        if ({profiled}) grid.setProfiles([profile]);
        grid.toggleFilters();
        """,
    )
    last = form.locator(".inb-g-row").nth(2)
    last.get_by_text("x").wait_for()
    inside = """node => {
      const grid = node.closest(".inb-grid");
      const bottom = grid.getBoundingClientRect().top + grid.clientTop + grid.clientHeight;
      return bottom - node.getBoundingClientRect().bottom;
    }"""
    assert last.evaluate(inside) >= 0
    head, filters = form.locator(".inb-g-head"), form.locator(".inb-g-filters")
    assert head.bounding_box()["height"] + head.bounding_box()["y"] == filters.bounding_box()["y"]


def test_history_breaks_no_word_of_its_heads_when_calls_are_long(page: Any) -> None:
    call = "conversations.search(query={'created_at__gt': '2026-09-01', 'state': 'open'})"
    run = {"id": 1, "at": "14:02:11", "question": "", "label": call * 2, "rows": 9, "seconds": 1}
    form = draw(page, f"historyTab(form, {{}}, [{json.dumps(run)}], 1);", width=660)
    lines = """node => {
      const text = document.createRange();
      text.selectNodeContents(node);
      return text.getClientRects().length;
    }"""
    heads = form.get_by_role("columnheader")
    assert [(head.inner_text(), head.evaluate(lines)) for head in heads.all()][:4] == [
        (name, 1) for name in ("When", "Query", "Rows", "Time")
    ]


@pytest.mark.parametrize("font", ["system-ui", "serif", "monospace"])
def test_charts_cut_no_text_of_a_heat_map_when_the_font_is_wide_or_narrow(
    page: Any, font: str
) -> None:
    days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    chart = {
        "form": "heat",
        "title": "Count of conversations by created at, per weekday and hour of the day, in Dublin",
        "note": "Only the first 200 of 624 rows are loaded, and the last week is not complete yet.",
        "groups": [{"label": d, "title": d, "pairs": [["weekday", i]]} for i, d in enumerate(days)],
        "series": [{"label": f"{n}", "title": f"{n}", "pairs": [["hour", n]]} for n in range(12)],
        "cells": [[[n, str(n)] for n in range(7)] for _ in range(12)],
    }
    form = draw(
        page,
        f"form.append(drawChart({json.dumps(chart)}, form.clientWidth, {{}}));",
        theme=f"{LIGHT} --jp-ui-font-family: {font};",
        width=700,
    )
    cut = """svg => {
      const box = svg.getBoundingClientRect();
      return [...svg.querySelectorAll("text")].filter((node) => {
        const { left, right, bottom } = node.getBoundingClientRect();
        return left < box.left || right > box.right || bottom > box.bottom;
      }).map((node) => node.textContent);
    }"""
    assert form.locator("svg").evaluate(cut) == []
    assert [form.get_by_text(day, exact=True).count() for day in days] == [1] * 7


def test_login_form_keeps_its_margin_when_the_next_steps_are_shown(page: Any) -> None:
    form = draw(
        page,
        f"""
        const handlers = {{}};
        drawLogin({{
          on: (kind, handler) => {{ handlers[kind] = handler; }},
          send: () => {{}},
          ask: () => new Promise(() => {{}}),
        }}, form);
        handlers.offer({json.dumps(LoginForm()._login.offer())});
        handlers.next({{ code: "df = await c.contacts.list()" }});
        """,
        kind=LoginForm,
    )
    [head, steps] = [form.locator(place) for place in ("h3", ".inb-codeblock:last-child")]
    assert steps.bounding_box()["x"] == head.bounding_box()["x"]
    room = "node => node.closest('.inb').getBoundingClientRect().bottom"
    box = steps.locator("pre").bounding_box()
    assert form.evaluate(room) - box["y"] - box["height"] >= 16
