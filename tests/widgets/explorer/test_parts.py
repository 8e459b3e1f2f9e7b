"""The parts of the explorer by themselves: forms, values, the table's view, charts, exports."""

from __future__ import annotations

import io
import re

import numpy as np
import pandas as pd
import pytest

from intercom_nb import catalog
from intercom_nb.errors import InvalidParameterError
from intercom_nb.frames.cells import cell_text, column_texts
from intercom_nb.frames.export import export
from intercom_nb.widgets import Explorer, LoginForm
from intercom_nb.widgets.explorer.query.form_parser import WHOLE, parse_form
from intercom_nb.widgets.explorer.query.form_schema import catalog_forms
from intercom_nb.widgets.explorer.result import detail
from intercom_nb.widgets.explorer.result.compare import compare
from intercom_nb.widgets.explorer.result.conditions import TYPED
from intercom_nb.widgets.explorer.result.display import Display
from intercom_nb.widgets.explorer.result.frame_view import FrameView
from intercom_nb.widgets.explorer.result.profile import profile
from intercom_nb.widgets.form import join_scripts

TIMES = pd.to_datetime(["2026-01-05", "2026-03-01", None, "2026-01-06"]).tz_localize("UTC")
FRAME = pd.DataFrame(
    {
        "id": ["10", "9", "8", "7"],
        "name": ["Zoë", "ada", None, "<img src=x onerror=alert(1)>"],
        "n": pd.array([3, None, 1, 2], dtype="Int64"),
        "at": TIMES.astype("datetime64[s, UTC]"),
        "tags": [["a", "b"], [], None, ["b"]],
    }
)


@pytest.mark.parametrize("mode", ["direct", "hosted"])
def test_every_operation_of_a_mode_has_a_form_with_all_its_parameters(mode):
    drawn = {
        (entity["name"], action["name"]): {p["name"] for p in action["params"]}
        for entity in catalog_forms(mode)
        for action in entity["actions"]
    }
    adapt = catalog.hosted_operation if mode == "hosted" else lambda op: op
    known = [adapt(op) for op in catalog.operations() if mode == "hosted" or not op.hosted_only]
    expected = {(op.entity, op.action): {p.name for p in op.params} for op in known if op}
    assert drawn == expected


def test_every_control_that_a_form_asks_for_can_be_drawn():
    script = join_scripts("form.js")
    controls = {
        param["control"]
        for entity in catalog_forms("direct")
        for action in entity["actions"]
        for param in action["params"]
    }
    drawn = set(re.findall(r"^  (\w+): \((?:param|_), props\)", script, re.MULTILINE))
    drawn |= {"query", "sort"}
    assert controls <= drawn


@pytest.mark.parametrize("form", [Explorer, LoginForm])
def test_joined_scripts_are_one_module_with_unique_names(form):
    script = form._esm
    names = re.findall(r"^(?:async )?(?:function|const|let|class) (\w+)", script, re.MULTILINE)
    assert len(names) == len(set(names))
    assert "import " not in re.sub(r"//.*|\"[^\"]*\"", "", script)
    assert len(re.findall(r"^export ", script, re.MULTILINE)) == 1


def test_every_search_field_has_operators_that_the_catalogue_takes():
    for entity in ("contacts", "conversations", "tickets"):
        for field in next(
            a["search"]["fields"]
            for e in catalog_forms("direct")
            if e["name"] == entity
            for a in e["actions"]
            if a["name"] == "search"
        ):
            value = {"boolean": "true", "date": "7d"}.get(field["type"], "5")
            value = field["values"][0] if field["values"] else value
            for op in field["operators"]:
                row = {"id": "r", "field": field["name"], "op": op, "value": value}
                form = {"query": {"groups": [{"rows": [row]}]}, "limit": "1"}
                found = parse_form(catalog.operation(entity, "search"), form)
                assert found.errors == {}, (field, op)


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("contacts.create:unsubscribed_from_emails", "true", True),
        ("contacts.create:signed_up_at", "7d", "7d"),
        ("contacts.create:signed_up_at", " 2026-10-01 ", "2026-10-01"),
        ("contacts.create:custom_attributes", '{"a": [1, null]}', {"a": [1, None]}),
        ("contacts.create:name", " spaces stay ", " spaces stay "),
        ("companies.create:monthly_spend", "12", 12),
        ("conversations.create:attachment_urls", "https://a\n\nhttps://b", ["https://a", "https://b"]),
    ],
)  # fmt: skip
def test_what_is_typed_becomes_the_value_that_it_says(name, given, value):
    operation, _, param = name.partition(":")
    found = parse_form(catalog.operation(*operation.split(".")), {"values": {param: given}})
    assert found.values.get(param) == value


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("contacts.create:custom_attributes", "{'a': 1}", "is not valid JSON"),
        ("contacts.create:custom_attributes", "[1]", "must be a dict"),
        ("contacts.create:role", "boss", "must be one of user, lead"),
        ("contacts.create:signed_up_at", "soon", "is not a valid time"),
        ("companies.create:monthly_spend", "much", "must be a whole number"),
        ("contacts.get:id", "  ", "is required"),
        ("contacts.get:id", "..", "must be an id"),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_field(name, given, said):
    operation, _, param = name.partition(":")
    errors = parse_form(catalog.operation(*operation.split(".")), {"values": {param: given}}).errors
    assert said in errors[param]


def test_a_need_of_the_whole_form_belongs_to_no_field():
    errors = parse_form(catalog.operation("contacts", "create"), {"values": {}}).errors
    assert errors == {} or list(errors) == [WHOLE]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"field": "", "op": "eq", "value": "x"}, "needs a field"),
        ({"field": "colour", "op": "eq", "value": "x"}, "no field 'colour'"),
        ({"field": "created_at", "op": "contains", "value": "x"}, "does not support"),
        ({"field": "state", "op": "eq", "value": "opne"}, "Did you mean open?"),
        ({"field": "statistics.count_reopens", "op": "gt", "value": "x"}, "must be"),
        ({"field": "state", "op": "in", "value": " , "}, "empty"),
    ],
)
def test_a_wrong_filter_is_told_in_its_row(row, said):
    form = {"query": {"groups": [{"rows": [{"id": "r7", **row}]}]}}
    errors = parse_form(catalog.operation("conversations", "search"), form).errors
    assert said in errors["query.r7"]


def test_a_search_without_a_filter_says_what_to_do():
    errors = parse_form(catalog.operation("conversations", "search"), {"query": {}}).errors
    assert "use Browse (list)" in errors["query"]


@pytest.mark.parametrize(
    ("sort", "ids"),
    [
        ([("n", False)], ["8", "7", "10", "9"]),
        ([("n", True)], ["10", "7", "8", "9"]),
        ([("at", False)], ["10", "7", "9", "8"]),
        ([("name", False)], ["7", "9", "10", "8"]),
        ([("id", False)], ["7", "8", "9", "10"]),
        ([("no such", True)], ["10", "9", "8", "7"]),
    ],
)
def test_sorting_puts_missing_values_last(sort, ids):
    view = FrameView(FRAME)
    view.arrange(sort=sort)
    assert [row["cells"][0] for row in view.rows(0, 9, ["id"])] == ids


@pytest.mark.parametrize(
    ("column", "text", "ids"),
    [
        ("n", ">1", ["10", "7"]),
        ("n", "!=3", ["8", "7"]),
        ("n", "empty", ["9"]),
        ("at", ">=2026-01-06", ["9", "7"]),
        ("name", "=ADA", ["9"]),
        ("name", "onerror", ["7"]),
        ("name", "not empty", ["10", "9", "7"]),
        ("tags", "b", ["10", "7"]),
        ("tags", "empty", ["9", "8"]),
    ],
)
def test_filters_understand_the_columns_type(column, text, ids):
    view = FrameView(FRAME)
    view.arrange(conditions=[(column, TYPED, text)])
    assert list(view.shown["id"]) == ids


@pytest.mark.parametrize(("column", "text"), [("n", ">many"), ("at", "<then")])
def test_a_comparison_that_cannot_be_is_refused(column, text):
    with pytest.raises(InvalidParameterError, match=column):
        FrameView(FRAME).arrange(conditions=[(column, TYPED, text)])


def test_all_words_of_a_search_must_be_in_the_row():
    view = FrameView(FRAME)
    view.arrange(search="B zoë")
    assert list(view.shown["id"]) == ["10"]


def test_long_text_is_cut_in_the_table_and_marked():
    frame = pd.DataFrame({"body": ["x" * 10_000, "short"]})
    cells = [row["cells"][0] for row in FrameView(frame).rows(0, 2, ["body"])]
    assert cells == [["x" * 240], "short"]


@pytest.mark.slow
def test_a_hundred_thousand_rows_are_pulled_in_parts():
    frame = pd.DataFrame({"id": np.arange(100_000).astype(str), "n": np.arange(100_000) % 977})
    view = FrameView(frame)
    view.arrange(sort=[("n", True), ("id", True)])
    rows = view.rows(99_990, 100_050, ["id", "n"])
    assert len(rows) == 10
    assert rows[-1]["cells"] == ["0", "0"]


def test_profile_counts_every_row_when_values_are_times_lists_or_numbers():
    days = profile(FRAME, "at", Display())
    assert sum(n for _, n, _ in days["bars"]) == 3
    assert len(days["bars"]) == 56  # also the days without rows
    assert days["missing"] == "25%"
    bars = profile(FRAME, "tags", Display())["bars"]
    assert bars == [["b", 2, [["in", "b"]]], ["a", 1, [["in", "a"]]]]
    assert [bar[:2] for bar in profile(FRAME, "n", Display())["bars"]] == [
        ["1", 1],
        ["2", 1],
        ["3", 1],
    ]
    many = pd.DataFrame({"seconds": np.r_[np.arange(1000), 10**9]})
    found = profile(many, "seconds", Display())["bars"]
    assert sum(n for _, n, _ in found) == 1001
    assert found[-1][0].endswith("or more")


@pytest.mark.parametrize("column", ["at", "n", "name", "tags"])
def test_conditions_of_each_bar_show_as_many_rows_as_the_bar_counts(column):
    view = FrameView(FRAME)
    for _, count, pairs in profile(FRAME, column, Display())["bars"]:
        view.arrange(conditions=[(column, op, value) for op, value in pairs])
        assert len(view.order) == count, pairs


def test_conditions_of_each_bar_show_its_rows_when_numbers_are_grouped():
    many = pd.DataFrame({"seconds": np.r_[np.random.default_rng(7).exponential(500, 999), 10**9]})
    view = FrameView(many)
    for _, count, pairs in profile(many, "seconds", Display())["bars"]:
        view.arrange(conditions=[("seconds", op, value) for op, value in pairs])
        assert len(view.order) == count, pairs


@pytest.mark.parametrize("column", ["at", "n", "name", "tags"])
def test_profile_of_nothing_is_empty(column):
    assert profile(FRAME.iloc[:0], column, Display())["bars"] == []


HOSTILE = ["=1+1", "+1-2", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "＝1+1"]


@pytest.mark.parametrize("kind", ["csv", "tsv", "xlsx"])
def test_an_export_cannot_start_a_formula(kind):
    data = export(pd.DataFrame({"=name": HOSTILE, "n": range(len(HOSTILE))}), kind)
    if kind == "xlsx":
        import openpyxl

        sheet = openpyxl.load_workbook(io.BytesIO(data)).active
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f"]
        texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    else:
        frame = pd.read_csv(io.BytesIO(data), sep="\t" if kind == "tsv" else ",")
        texts = [*frame.columns, *frame.iloc[:, 0]]
    assert not [t for t in texts if t.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))]
    assert f"'{HOSTILE[0]}" in texts


def test_exports_keep_the_values():
    csv = pd.read_csv(io.BytesIO(export(FRAME, "csv")), dtype={"id": str})
    assert list(csv["id"]) == list(FRAME["id"])
    assert csv["name"][3] == FRAME["name"][3]
    assert csv["tags"][0] == "a, b"
    parquet = pd.read_parquet(io.BytesIO(export(FRAME, "parquet")))
    assert list(parquet["at"]) == list(FRAME["at"])
    assert list(parquet["tags"][0]) == ["a", "b"]
    excel = pd.read_excel(io.BytesIO(export(FRAME, "xlsx")), dtype={"id": str})
    assert excel["at (UTC)"][0] == pd.Timestamp("2026-01-05")
    assert (
        export(pd.DataFrame({"phone": ["+353 87 1234567"]}), "csv") == b"phone\n+353 87 1234567\n"
    )


@pytest.mark.parametrize("kind", ["csv", "tsv", "xlsx", "parquet"])
def test_odd_values_can_be_exported(kind):
    odd = pd.DataFrame({"x": pd.Series([{}, {"a": 1}, "text", None, [1, {}]], dtype=object)})
    odd["y"] = ["\x00\x1f", "🙂" * 40_000, "", None, "a\nb"]
    assert export(odd, kind)
    assert export(odd.iloc[:0], kind)


def test_comparing_tells_what_came_went_and_changed():
    after = FRAME.iloc[[0, 1, 3]].copy()
    after.loc[0, "name"] = "Zoe"
    after.loc[3, "id"] = "new"
    said = compare(FRAME, after)
    assert (said["added_ids"], said["removed_ids"]) == (["new"], ["8", "7"])
    assert said["changes"] == [["10", "name", "Zoë", "Zoe"]]
    assert "error" in compare(FRAME.drop(columns="id"), after)


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<p style='background:url(//evil)' onclick='x()' class='jp-Cell'>x</p>",
        "<form action=//evil><input name=a></form>",
        "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    ],
)
def test_a_hostile_body_is_made_harmless(body):
    html = detail.clean_html(body).lower()
    assert not re.search(
        r"script|onerror|onload|onclick|style=|class=|<img|<svg|<iframe|<form", html
    )
    assert "evil" not in html


def test_the_texts_of_a_column_are_those_of_its_cells():
    wide = FRAME.assign(flag=pd.array([True, None, False, True], dtype="boolean"), f=[0.1, 1, 2, 3])
    local = wide["at"].dt.tz_convert("Asia/Tokyo").dt.tz_convert("UTC")
    for series in [*(wide[name] for name in wide), local, wide["n"].dropna(), wide["f"].iloc[:0]]:
        assert column_texts(series) == [cell_text(value) for value in series.array]
