"""``intercom-nb lab``: copies that are never overwritten, then JupyterLab on the index."""

from __future__ import annotations

import argparse
import tomllib
from pathlib import Path

import pytest

from intercom_nb.cli import lab
from intercom_nb.errors import ConfigurationError, UnsupportedError

ROOT = Path(__file__).resolve().parents[2]
THERE = sorted(p.name for p in (ROOT / "notebooks").glob("*.ipynb"))


def arguments(*given: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    lab.add_arguments(parser)
    return parser.parse_args(given)


def test_copy_notebooks_keeps_a_changed_copy_when_it_is_repeated(tmp_path: Path) -> None:
    folder = tmp_path / "mine" / "notebooks"
    first = lab.copy_notebooks(folder)
    assert first.new == THERE
    mine = folder / "00_index.ipynb"
    mine.write_text("my work", encoding="utf-8")
    (folder / "07_support_report.ipynb").unlink()
    second = lab.copy_notebooks(folder)
    assert mine.read_text(encoding="utf-8") == "my work"
    assert second.new == ["07_support_report.ipynb"]
    assert second.changed == ["00_index.ipynb"]
    assert "00_index.ipynb" in str(second)
    assert len(second.kept) == len(THERE) - 1


def test_copy_notebooks_raises_when_the_target_is_a_link_out_of_the_folder(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.ipynb"
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "00_index.ipynb").symlink_to(elsewhere)
    with pytest.raises(ConfigurationError):
        lab.copy_notebooks(tmp_path / "lab")
    assert not elsewhere.exists()


def test_copy_notebooks_raises_when_the_folder_cannot_be_created(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="cannot be copied"):
        lab.copy_notebooks(tmp_path / "file")


def test_lab_starts_jupyterlab_on_the_index_when_it_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in = tmp_path / "jupyterlab.py"
    stand_in.write_text("import os, sys; print(os.getcwd(), sys.argv[1:], flush=True); sys.exit(3)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(lab.importlib.util, "find_spec", lambda _: object())
    folder = tmp_path / "notebooks"
    out = tmp_path / "out"
    with out.open("w") as file:
        monkeypatch.setattr(lab.subprocess, "run", _printing_to(file, lab.subprocess.run))
        assert lab.run(arguments(str(folder), "--lab-arg=--no-browser")) == 3
    assert out.read_text().strip() == f"{folder} ['--no-browser', '00_index.ipynb']"
    assert "Copied: 00_index.ipynb" in capsys.readouterr().out


def _printing_to(file, run):
    return lambda *args, **options: run(*args, **options, stdout=file)


def test_lab_starts_nothing_when_copy_only_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lab.subprocess, "run", lambda *_, **__: pytest.fail("started something"))
    assert lab.run(arguments(str(tmp_path / "n"), "--copy-only")) == 0


def test_lab_names_the_extra_when_jupyterlab_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lab.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(UnsupportedError, match=r"intercom-nb\[lab"):
        lab.run(arguments(str(tmp_path / "n")))
    assert not (tmp_path / "n").exists()


def test_wheel_includes_the_notebooks() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    assert build["targets"]["wheel"]["force-include"] == {"notebooks": "intercom_nb/notebooks"}
