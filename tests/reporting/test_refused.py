"""A report of what a token may read: refused names and customers never end it."""

from __future__ import annotations

import re

import httpx
import pytest

import intercom_nb as inb
from intercom_nb.demo import DEMO_BASE_URL, TOKEN, DemoTransport
from intercom_nb.reporting import Report

pytestmark = pytest.mark.slow

BODY = {"type": "error.list", "errors": [{"code": "api_plan_restricted", "message": "not allowed"}]}


class Refusing(DemoTransport):
    """The demo workspace, which refuses some paths."""

    def __init__(self, refused: str) -> None:
        super().__init__()
        self.refused = re.compile(refused)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.refused.fullmatch(request.url.path):
            return httpx.Response(403, json=BODY, request=request)
        return await super().handle_async_request(request)


def report(refused: str) -> Report:
    c = inb.connect(access_token=TOKEN, base_url=DEMO_BASE_URL, http=Refusing(refused))
    return inb.report(c, "2026-10")


@pytest.fixture(scope="module")
def whole() -> Report:
    return report("nothing")


def test_report_shows_ids_when_companies_are_refused(whole: Report) -> None:
    made = report(r"/companies/.+")
    names = made.results["companies"]
    assert names["company"].tolist() == names["company_id"].tolist()
    assert made.notes == [
        *whole.notes,
        "20 companies could not be read (status 403) and are shown by id.",
    ]
    assert made.sentences == whole.sentences


def test_report_shows_one_id_when_one_company_is_refused(whole: Report) -> None:
    key, name = whole.results["companies"][["company_id", "company"]].iloc[0]
    assert key != name
    made = report(f"/companies/{key}")
    assert made.results["companies"]["company"].iloc[0] == key
    assert made.results["companies"].iloc[1:].equals(whole.results["companies"].iloc[1:])
    assert made.notes[-1] == "1 company could not be read (status 403) and is shown by id."


@pytest.mark.parametrize(
    ("path", "kind", "metric", "column"),
    [
        ("/teams", "teams", "csat", "team"),
        ("/tags", "tags", "tags", "name"),
        ("/admins", "teammates", "csat_teammates", "teammate"),
    ],
)
def test_report_shows_ids_when_names_are_refused(
    whole: Report, path: str, kind: str, metric: str, column: str
) -> None:
    made = report(path)
    assert made.notes == [
        *whole.notes,
        f"Names of {kind} could not be read (status 403): ids are shown.",
    ]
    shown = made.results[metric][column]
    assert shown[shown != "(none)"].str.isdigit().all()
    assert made.sentences == whole.sentences


def test_report_omits_customers_when_contacts_are_refused(whole: Report) -> None:
    made = report("/contacts/search")
    assert set(whole.results) - set(made.results) == {"companies", "cohorts"}
    reason = "contacts could not be read (status 403)"
    assert made.notes == [*whole.notes, f"Companies and cohorts are left out: {reason}."]
