"""CSV exports as real servers send them."""

from __future__ import annotations

import gzip
import io
import zipfile

import pandas as pd
import pytest

from intercom_nb.errors import JobFailedError
from intercom_nb.exports.csv import unpack_csv


def column(text: str, name: str = "x") -> pd.Series:
    return unpack_csv(f"{name},k\n{text}".replace(";", ",k\n").encode() + b",k\n")[name]


@pytest.mark.parametrize(
    "text",
    [
        "2024-09-10 20:26:40 UTC;2024-09-10 21:00:00 UTC",
        "2024-09-10T20:26:40Z;2024-09-10T21:00:00Z",
        "2024-09-10T22:26:40+02:00;2024-09-10 16:00:00 -0500",
        "1726000000;1726002000",
        "1726000000000;1726002000000",
        "1726000000;2024-09-10 21:00:00 UTC",
    ],
)
def test_times_are_utc_when_they_have_any_known_format(text: str) -> None:
    times = column(text, "received_at")
    assert str(times.dtype) == "datetime64[s, UTC]"
    expected = ["2024-09-10T20:26:40+00:00", "2024-09-10T21:00:00+00:00"]
    assert [t.isoformat() for t in times] == expected


def test_time_keeps_its_fraction_when_it_has_one() -> None:
    assert column("2024-09-10T20:26:40.250Z", "received_at")[0].microsecond == 250_000


@pytest.mark.parametrize("name", ["handling_time", "first_response_time", "count_at"])
def test_duration_is_a_number_when_its_name_looks_like_a_time(name: str) -> None:
    values = column("30;120000000", name)
    assert values.tolist() == [30, 120_000_000]
    assert str(values.dtype) == "Int64"


@pytest.mark.parametrize(
    ("text", "values", "dtype"),
    [
        ("5;4.5;", [5.0, 4.5], "Float64"),
        ("1;2;", [1, 2], "Int64"),
        ("-3;0;", [-3, 0], "Int64"),
        ("1.5e-3;2;", [0.0015, 2.0], "Float64"),
        ("007;8;", ["007", "8"], "str"),
        ("12345678901234567;1.5;", ["12345678901234567", "1.5"], "str"),
    ],
)
def test_numbers_are_exact_when_mixed_with_gaps(text: str, values: list, dtype: str) -> None:
    found = column(text)
    assert found.dropna().tolist() == values
    assert found.isna().tolist() == [False, False, True]
    assert str(found.dtype) in {dtype, "string"}


def test_unpack_csv_drops_the_last_field_when_rows_end_with_a_comma() -> None:
    frame = unpack_csv(b"receipt_id,name\n1,Welcome,\n2,Offer,\n")
    assert frame.to_dict("list") == {"receipt_id": ["1", "2"], "name": ["Welcome", "Offer"]}


@pytest.mark.parametrize("row", ["1", "1,2,3", "1,2,3,"])
def test_unpack_csv_raises_when_the_length_of_a_row_differs(row: str) -> None:
    with pytest.raises(JobFailedError, match=r"row 2 has . fields and the header 2"):
        unpack_csv(f"a,b\n1,2\n{row}\n".encode())


def test_field_keeps_commas_and_line_breaks_when_it_is_quoted() -> None:
    frame = unpack_csv('\ufeffa,b\r\n"x, y","1\n2"\r\n'.encode())
    assert frame.to_dict("list") == {"a": ["x, y"], "b": ["1\n2"]}


def test_columns_get_a_number_when_they_have_the_same_name() -> None:
    assert list(unpack_csv(b"a,a\n1,2\n").columns) == ["a", "a.1"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<!doctype html><html><body><h1>This link has expired</h1></body></html>", "link has"),
        (b'{"type":"error.list","errors":[{"message":"export is gone"}]}', "export is gone"),
        (gzip.compress(b"<html>Sign in</html>", mtime=0), "Sign in"),
        (b'\n [{"error": "no"}]', "JSON"),
    ],
)
def test_download_is_refused_when_it_is_a_page_or_json(content: bytes, message: str) -> None:
    with pytest.raises(JobFailedError, match=message):
        unpack_csv(content)


def archive(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        for name, content in files.items():
            opened.writestr(name.replace("_", "."), content)
    return made.getvalue()


def test_archive_is_refused_when_it_has_no_csv() -> None:
    with pytest.raises(JobFailedError, match=r"no CSV file, only readme\.txt"):
        unpack_csv(archive(readme_txt=b"hello"))


@pytest.mark.parametrize(
    ("position", "value", "message"),
    [(6, 1, "encrypted"), (8, 97, "compression")],
)
def test_archive_is_refused_when_it_cannot_be_unpacked(
    position: int, value: int, message: str
) -> None:
    content = bytearray(archive(a_csv=b"a,b\n1,2\n"))
    content[position] = value  # in the file's header, and in the directory at the end
    content[content.index(b"PK\x01\x02") + position + 2] = value
    with pytest.raises(JobFailedError, match=message):
        unpack_csv(bytes(content))
