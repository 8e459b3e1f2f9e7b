"""Every entity of the demo workspace, extracted: what is in the dataset is what the lists give."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap
import warnings

import dask.dataframe as dd
import duckdb
import httpx
import pandas as pd
import polars as pl
import pyarrow.dataset as pads
import pytest

import intercom_nb as inb
from intercom_nb.errors import (
    DatasetError,
    InvalidParameterError,
    PermissionDeniedError,
    UnknownNameError,
    UnsupportedError,
)
from intercom_nb.extract.api import NotExtractedWarning
from intercom_nb.extract.source import extractable

pytestmark = pytest.mark.slow

ENTITIES = [
    "contacts", "conversations", "companies", "teams", "admins", "tags", "segments",
    "internal_articles", "tickets", "ticket_types", "ticket_states", "articles", "help_centers",
    "help_center_collections", "calls", "data_attributes", "subscription_types", "brands",
    "emails", "away_status_reasons", "news_items", "newsfeeds", "content_import_sources",
    "external_pages",
]  # fmt: skip


@pytest.fixture(scope="module")
def c():
    return inb.connect("demo")


@pytest.fixture(scope="module")
def ds(c, tmp_path_factory):
    """Everything, extracted once for all tests here, which only read it."""
    folder = tmp_path_factory.mktemp("everything") / "it's all"
    return c.sync.extract_all(folder, complete=True, progress=False)


def listed(c, entity: str) -> pd.DataFrame:
    namespace = getattr(c.sync, entity)
    if entity == "tickets":  # these can only be searched
        return namespace.search({"created_at__gt": 0}, limit=None)
    pages = "limit" in str(namespace.list.__signature__)
    options = {"limit": None} if pages else {}
    if entity == "contacts":
        options["complete"] = True
    return namespace.list(**options)


def by_id(df: pd.DataFrame) -> pd.DataFrame:
    if df["id"].is_unique:
        df = df.sort_values("id")
    return df.reset_index(drop=True)


def test_extractable_returns_the_entities_of_the_version_and_mode_when_they_can_be_listed(c):
    assert extractable(c._executor) == ENTITIES
    newer = inb.connect("demo", version="2.16")
    assert {"macros", "audiences"} <= set(extractable(newer._executor)) - set(ENTITIES)
    hosted = inb.connect("demo", mode="hosted")
    assert extractable(hosted._executor) == ENTITIES[:7]


@pytest.mark.parametrize("entity", ENTITIES)
def test_dataset_equals_the_list_when_the_whole_entity_is_extracted(c, ds, entity):
    wanted, found = by_id(listed(c, entity)), by_id(ds.pandas(entity))
    assert len(wanted) > 0
    assert set(found.columns) == set(wanted.columns)
    # Lists and mixed values are text or lists in a dataset, by one rule: see test_extract.
    odd = [n for n in wanted if wanted[n].dtype == object and not _lists_of_text(wanted[n])]
    same = [n for n in wanted if n not in odd]
    assert len(same) >= len(wanted.columns) - 2
    lists = [n for n in same if wanted[n].dtype == object]
    for name in lists:
        a = [None if v is None else list(v) for v in wanted[name]]
        b = [None if v is None else list(v) for v in found[name]]
        assert a == b, name
    rest = [n for n in same if n not in lists]
    pd.testing.assert_frame_equal(found[rest], wanted[rest], check_like=True)


def _lists_of_text(column: pd.Series) -> bool:
    return all(
        v is None or (isinstance(v, list) and all(isinstance(i, str) for i in v)) for v in column
    )


@pytest.mark.parametrize("entity", ["notes", "data_events", "activity_logs", "messages", "jobs"])
def test_extract_error_lists_the_valid_entities_when_an_entity_cannot_be_listed(
    c, tmp_path, entity
):
    with pytest.raises(InvalidParameterError, match=r"Valid entities: contacts, conversations"):
        c.sync.extract(entity, tmp_path / "none", progress=False)
    assert not (tmp_path / "none").exists()


def test_extract_suggests_the_nearest_entity_when_a_name_is_misspelled(c, tmp_path):
    with pytest.raises(UnknownNameError, match="conversations"):
        c.sync.extract("conversation", tmp_path / "none", progress=False)


def test_audit_counts_every_row_when_all_entities_are_extracted(ds):
    audit = ds.audit
    sliced = audit[audit["entity"].isin(["contacts", "conversations", "tickets"])]
    assert set(sliced["state"]) == {"complete"}
    assert set(audit["entity"]) == set(ENTITIES)
    assert not (audit["state"] == "differs").any()
    kept = audit.groupby("entity")["kept"].sum()
    assert kept.to_dict() == {entity: len(ds.pandas(entity, ["id"])) for entity in ENTITIES}


def test_extract_has_whole_lists_when_complete_is_given(c, ds):
    tags = ds.pandas("contact_tags")
    whole = c.sync.contacts.list(limit=None, complete=True)
    cut = c.sync.contacts.list(limit=None)
    assert cut["tags"].map(len).max() <= 10
    assert len(tags) == whole["tags"].map(len).sum()
    assert len(ds.pandas("contact_companies")) == whole["companies"].map(len).sum()


@pytest.mark.parametrize("entity", ["contacts", "conversations", "companies", "teams"])
def test_dataset_is_equal_when_the_extraction_is_hosted(c, ds, tmp_path, entity):
    hosted = inb.connect("demo", mode="hosted")
    found = hosted.sync.extract(entity, tmp_path / "hosted", progress=False)
    # Of contacts the lists that the API cuts were completed in the other dataset.
    wanted = by_id(c.sync.contacts.list(limit=None) if entity == "contacts" else ds.pandas(entity))
    lists = [n for n in wanted if wanted[n].dtype == object]
    pd.testing.assert_frame_equal(
        by_id(found.pandas(entity)).drop(columns=lists),
        wanted.drop(columns=lists),
        check_like=True,
    )


def test_dataset_with_parts_is_equal_when_the_extraction_is_hosted(c, tmp_path):
    options = {"since": "2026-10-25", "with_parts": True, "progress": False}
    hosted = inb.connect("demo", mode="hosted")
    found = hosted.sync.extract("conversations", tmp_path / "hosted", **options)
    wanted = c.sync.extract("conversations", tmp_path / "direct", **options)
    assert found.tables == wanted.tables
    for table in found.tables:
        assert sorted(found.arrow(table).to_pylist(), key=str) == sorted(
            wanted.arrow(table).to_pylist(), key=str
        )


def test_complete_is_refused_when_the_extraction_is_hosted(tmp_path):
    hosted = inb.connect("demo", mode="hosted")
    with pytest.raises(UnsupportedError, match=r"contacts\.list_\w+.*direct"):
        hosted.sync.extract("contacts", tmp_path / "x", complete=True, progress=False)


def test_list_is_filtered_by_creation_time_when_since_is_given(c, tmp_path):
    companies = c.sync.companies.list(limit=None)
    middle = companies["created_at"].median()
    found = c.sync.extract("companies", tmp_path / "x", since=middle, progress=False)
    wanted = set(companies.loc[companies["created_at"] >= middle, "id"])
    assert set(found.pandas("companies", ["id"])["id"]) == wanted
    with pytest.raises(InvalidParameterError, match="teams have no time of creation"):
        c.sync.extract("teams", tmp_path / "x", since=middle, progress=False)


@pytest.mark.parametrize("version", ["2.15", "2.16"])
def test_conversations_are_removed_when_they_were_deleted_in_the_demo(tmp_path, version):
    c = inb.connect("demo", version=version, allow_writes=True)
    options = {"to": tmp_path / "x", "since": "2026-10-20", "progress": False, "with_parts": True}
    first = c.sync.extract("conversations", **options).pandas("conversations", ["id"])["id"]
    gone = list(first[[3, 40]])
    for key in gone:
        c.sync.conversations.delete(key)
    ds = c.sync.extract("conversations", **options)
    assert set(ds.pandas("conversations", ["id"])["id"]) == set(first) - set(gone)
    assert not set(ds.pandas("conversation_parts", ["conversation_id"])["conversation_id"]) & {
        *gone
    }
    if version == "2.16":
        listed = c.sync.conversations.list_deleted(per_page=1, limit=None)
        assert listed["id"].tolist() == gone[::-1]
        assert str(listed["deleted_at"].dtype) == "datetime64[s, UTC]"
    else:
        with pytest.raises(UnsupportedError, match=r"2\.16"):
            c.sync.conversations.list_deleted()


def test_dataset_rows_are_equal_when_another_reader_is_used(ds):
    columns = ["id", "state", "created_at", "statistics.time_to_admin_reply"]
    wanted = by_id(ds.pandas("conversations", columns))
    for found in (
        ds.arrow("conversations", columns).to_pandas(),
        ds.polars("conversations", columns).to_pandas(),
        ds.dask("conversations", columns).compute(),
        ds.sql('select id, state, created_at, "statistics.time_to_admin_reply" from conversations'),
    ):
        found = by_id(found.astype(wanted.dtypes))
        pd.testing.assert_frame_equal(found, wanted)
    few = ds.polars("conversations", ["id"], where={"state": "open"})
    assert isinstance(few, pl.DataFrame)
    assert len(few) == len(ds.pandas("conversations", where={"state": "open"}))
    for reader in (ds.pandas, ds.arrow, ds.polars, ds.dask):
        with pytest.raises(UnknownNameError, match="state"):
            reader("conversations", ["stat"])


FILTERS = {
    "role": ("user", lambda df: df["role"] == "user"),
    "owner_id": (None, lambda df: df["owner_id"].isna()),
    "created_at__gte": ("2026-06-01", lambda df: df["created_at"] >= "2026-06-01"),
    "email__contains": ("o", lambda df: df["email"].str.contains("o", na=False)),
    "name__startswith": ("A", lambda df: df["name"].str.startswith("A", na=False)),
    "location__country": ("Germany", lambda df: df["location.country"] == "Germany"),
    "location.country__in": (
        ["Germany", "France"],
        lambda df: df["location.country"].isin(["Germany", "France"]),
    ),
    "unsubscribed_from_emails": (
        True,
        lambda df: df["unsubscribed_from_emails"].fillna(value=False),
    ),
}


@pytest.mark.parametrize("key", FILTERS)
def test_where_selects_the_same_rows_when_pandas_filters_them_too(ds, key):
    value, wanted = FILTERS[key]
    df = ds.pandas("contacts")
    found = ds.pandas("contacts", ["id"], where={key: value})["id"]
    assert 0 < len(found) < len(df)
    assert sorted(found) == sorted(df[wanted(df)]["id"])


def test_where_selects_rows_when_ids_are_numbers(ds):
    ids = ds.pandas("teams")["id"]
    assert len(ds.pandas("teams", where={"id": int(ids[0])})) == 1
    assert len(ds.pandas("teams", where={"id__nin": ids[:2].astype(int)})) == len(ids) - 2


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ({"tags": "x"}, r"list_contains"),
        ({"unsubscribed_from_emails": "yes"}, "type bool and cannot be compared with 'yes'"),
        ({"created_at": "yesterday"}, "not a valid time"),
        ({"role__in": "user"}, "needs a list"),
        ({"created_at__contains": "2026"}, "needs a text"),
        ({"rolle": "user"}, "Did you mean role"),
    ],
)
def test_where_is_refused_when_the_filter_is_not_valid(ds, where, says):
    with pytest.raises((InvalidParameterError, UnknownNameError), match=says):
        ds.pandas("contacts", where=where)


@pytest.mark.parametrize(
    ("module", "extra"), [("duckdb", "data"), ("dask.dataframe", "dask"), ("polars", "polars")]
)
def test_dataset_error_names_the_extra_when_a_library_is_missing(ds, monkeypatch, module, extra):
    monkeypatch.setitem(sys.modules, module, None)
    asked = {
        "duckdb": lambda: ds.sql("select 1"),
        "dask.dataframe": lambda: ds.dask("teams"),
        "polars": lambda: ds.polars("teams"),
    }
    with pytest.raises(UnsupportedError, match=rf"pip install '.*{extra}"):
        asked[module]()


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # Dask's own, on pandas 3.1
def test_dataset_folder_is_a_hive_dataset_when_other_tools_read_it(ds):
    """Without this package: the partition is a column there, since the tools read it from paths."""
    folder = ds.path / "conversations"
    wanted = ds.pandas("conversations", ["created_at"])["created_at"]
    months = wanted.dt.strftime("%Y-%m").value_counts().to_dict()
    pattern = f"{folder}/**/*.parquet".replace("'", "''")
    by_arrow = pads.dataset(folder, partitioning="hive").to_table(columns=["month"]).to_pandas()
    by_pandas = pd.read_parquet(folder, columns=["id", "month"])
    by_polars = pl.read_parquet(f"{folder}/**/*.parquet", hive_partitioning=True).to_pandas()
    by_duckdb = duckdb.sql(f"select month from read_parquet('{pattern}', hive_partitioning=true)")
    by_dask = dd.read_parquet(folder)[["month"]].compute()
    for found in (by_arrow, by_pandas, by_polars, by_duckdb.df(), by_dask):
        text = found["month"].astype(str).str[:7]
        assert text.value_counts().to_dict() == months


def test_dask_frame_is_computed_in_parallel_when_a_cluster_runs(ds):
    code = f"""
        from intercom_nb.dataset import open_dataset
        from dask.distributed import Client, LocalCluster

        if __name__ == "__main__":
            ds = open_dataset({str(ds.path)!r})
            options = {{"processes": True, "n_workers": 2, "threads_per_worker": 1}}
            options["dashboard_address"] = None
            with LocalCluster(**options) as cluster, Client(cluster) as client:
                frame = ds.dask("conversations", ["state", "created_at"])
                pids = client.run(__import__("os").getpid)
                counts = frame.groupby("state").size().compute()
                print(len(set(pids.values())), frame.npartitions, counts.to_dict())
    """
    script = ds.path.parent / "cluster.py"
    script.write_text(textwrap.dedent(code))
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    wanted = ds.pandas("conversations", ["state"])["state"].value_counts().to_dict()
    workers, partitions, counts = done.stdout.strip().split(" ", 2)
    assert (workers, eval(counts)) == ("2", wanted), done.stderr
    assert int(partitions) > 10


HOSTILE = [
    "select * from read_csv('/etc/passwd')",
    "select * from read_text('/etc/hostname')",
    "select * from glob('/etc/*')",
    "select * from 'https://127.0.0.1:9/x.parquet'",
    "select * from read_blob('{folder}/_intercom_nb/dataset.json')",
    "copy teams to '{folder}/stolen.csv'",
    "copy teams to '{file}' (format parquet)",
    "explain analyze copy teams to '{file}' (format parquet)",
    "install httpfs",
    "load httpfs",
    "attach '{folder}/x.db'",
    "export database '{folder}/x'",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "select 1; copy teams to '{file}' (format parquet)",
    "drop view teams",
    "create table t as select 1",
    "pragma database_list",
    "select * from own_variable",
    "",
]


@pytest.mark.parametrize("query", HOSTILE)
def test_sql_is_refused_when_the_query_reads_or_writes_files(ds, query):
    own_variable = pd.DataFrame({"a": [1]})
    file = next((ds.path / "teams").rglob("*.parquet"))
    before = {p: p.stat().st_mtime_ns for p in ds.path.rglob("*")}
    text = query.format(folder=str(ds.path).replace("'", "''"), file=str(file).replace("'", "''"))
    with pytest.raises(InvalidParameterError, match=r"^SQL: "):
        ds.sql(text)
    assert {p: p.stat().st_mtime_ns for p in ds.path.rglob("*")} == before
    assert len(own_variable) == 1


def test_sql_returns_typed_columns_when_the_query_aggregates(ds):
    found = ds.sql(
        "select t.name, count(*) as n, min(c.created_at) as first, sum(c.read::int) as p "
        "from conversations c join teams t on t.id = c.team_assignee_id "
        "where c.state = $state group by all order by n desc",
        {"state": "closed"},
    )
    assert found.dtypes.astype(str).tolist()[1:3] == ["Int64", "datetime64[s, UTC]"]
    df = ds.pandas("conversations", where={"state": "closed"})
    assert found["n"].tolist() == df["team_assignee_id"].value_counts().tolist()


def test_describe_is_complete_and_escaped_when_it_is_shown_as_html(ds, tmp_path):
    said = ds.describe()
    assert set(said.frame["table"]) == set(ds.tables) > set(ENTITIES)
    row = said.frame.set_index("table").loc["conversations"]
    assert row["rows"] == 3264
    assert row["bytes"] == sum(p.stat().st_size for p in (ds.path / "conversations").rglob("*.*"))
    times = ds.pandas("conversations")["created_at"]
    assert (row["first"], row["last"]) == (times.min(), times.max())
    shown = said._repr_html_()
    assert "statistics.time_to_admin_reply" in shown
    assert "3,264" in repr(said)
    evil = type(said)("<script>1</script>", said.frame, {"teams": ["<img src=x>"]})._repr_html_()
    assert "<script" not in evil
    assert "<img" not in evil


def test_extract_is_refused_when_another_process_writes(tmp_path):
    holder = textwrap.dedent("""
        import sys, intercom_nb.dataset.store as folder
        mine = folder.DatasetFolder(sys.argv[1])
        with mine.writer():
            mine.bind_workspace("demo")
            print("mine", flush=True)
            sys.stdin.read()
    """)
    folder = tmp_path / "busy"
    with subprocess.Popen(
        [sys.executable, "-c", holder, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as first:
        assert first.stdout.readline() == b"mine\n"
        c = inb.connect("demo")
        with pytest.raises(DatasetError, match="Another extraction writes to"):
            c.sync.extract("teams", folder, progress=False)
        first.kill()  # a lock of a process that was killed is free
        first.wait()
    with pytest.raises(DatasetError, match="holds the workspace demo"):
        c.sync.extract("teams", folder, progress=False)


async def test_extract_runs_again_at_once_when_it_was_cancelled(c, tmp_path):
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def watch(now):
        if now.rows > 20:
            loop.call_soon_threadsafe(begun.set)

    options = {"to": tmp_path / "x", "since": "2026-10-01", "with_parts": True}
    first = asyncio.ensure_future(c.extract("conversations", **options, progress=watch))
    await asyncio.wait_for(begun.wait(), 30)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    ds = await c.extract("conversations", **options, progress=False)
    wanted = await c.conversations.search(created_at__gte="2026-10-01", limit=None)
    assert set(ds.pandas("conversations", ["id"])["id"]) == set(wanted["id"])


def test_progress_bar_shows_rows_requests_and_time_left_when_it_is_on(c, tmp_path, capfd):
    c.sync.extract("contacts", tmp_path / "bar", progress=True)
    shown = capfd.readouterr().err
    last = shown.replace("\r", "\n").strip().splitlines()[-1]
    assert "contacts: 100%" in last
    assert "860/860 [00:" in last
    assert "<00:00" in last  # the time left
    assert "rows/s" in last
    assert "requests/s" in last
    assert "of 167" in last


@pytest.mark.parametrize("allowed", [set(), {"/teams"}])
def test_extract_all_warns_when_the_token_may_not_read_an_entity(tmp_path, allowed):
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/me":
            return httpx.Response(200, json={"type": "admin", "app": {"id_code": "w1"}})
        if request.url.path in allowed:
            return httpx.Response(200, json={"type": "team.list", "teams": [{"id": "7"}]})
        error = {"code": "token_unauthorized", "message": "not allowed"}
        return httpx.Response(403, json={"type": "error.list", "errors": [error]})

    token = inb.IntercomAuthConfig("a-token-for-the-test")
    c = inb.IntercomConnector(auth_config=token, http=httpx.MockTransport(answer))
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        ds = c.sync.extract_all(tmp_path / "few", progress=False)
    refused = {str(one.message) for one in said if one.category is NotExtractedWarning}
    assert any("conversations.search" in text for text in refused)
    assert not any("teams.list" in text for text in refused) or not allowed
    assert ds.tables == [path.removeprefix("/") for path in sorted(allowed)]
    with pytest.raises(PermissionDeniedError):
        c.sync.extract("conversations", tmp_path / "none", progress=False)
