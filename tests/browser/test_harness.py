"""The harness itself: what it sees, and that it can fail."""

from __future__ import annotations

import base64
import secrets
from pathlib import Path

import pytest
from playwright.sync_api import expect
from secret_scan import files_with

from .harness import Lab

PASSWORD_FORM = """
import ipywidgets
password, said = ipywidgets.Password(description="Token"), ipywidgets.Label()
password.observe(lambda change: setattr(said, "value", f"{len(change.new)} typed"), "value")
display(ipywidgets.VBox([password, said]))
"""


def test_notebook_file_has_the_output_when_it_is_run_and_saved(lab: Lab):
    lab.write("sum.ipynb", ["print('the sum is', 1 + 1)", "", "print('and done')"])
    with lab.open("sum.ipynb") as notebook:
        notebook.run_all()
        expect(notebook.output("the sum is 2")).to_be_visible()
        assert "the sum is 2" in notebook.save()
        notebook.run_all()
        notebook.save()
        assert notebook.off_host == []
        assert notebook.console_errors == []


@pytest.mark.parametrize("save_widget_state", [True, False])
def test_files_with_finds_a_password_when_widget_state_is_saved(lab: Lab, save_widget_state: bool):
    secret = secrets.token_hex(12)
    name = f"password-{save_widget_state}.ipynb"
    lab.write(name, [PASSWORD_FORM])
    with lab.open(name, save_widget_state=save_widget_state) as notebook:
        notebook.run_all()
        notebook.page.locator("input[type=password]").press_sequentially(secret)
        notebook.page.get_by_text(f"{len(secret)} typed").wait_for()
        notebook.save()
    leaks = {path.relative_to(lab.notebooks).as_posix() for path in lab.files_with(secret)}
    checkpoint = f".ipynb_checkpoints/{name.removesuffix('.ipynb')}-checkpoint.ipynb"
    assert leaks == ({name, checkpoint} if save_widget_state else set())


@pytest.mark.parametrize("shift", range(3))
def test_files_with_finds_the_secret_when_it_is_encoded(tmp_path: Path, shift: int):
    secret = secrets.token_hex(12)
    before, after = b"<" * shift, b">tail"
    (tmp_path / "plain").write_bytes(before + secret.encode() + after)
    (tmp_path / "wide").write_bytes(before + secret.encode("utf-16") + after)
    (tmp_path / "base64").write_bytes(base64.b64encode(before + secret.encode() + after))
    (tmp_path / "other").write_bytes(secrets.token_hex(12).encode())
    found = {path.name for path in files_with(secret, tmp_path)}
    assert found == {"plain", "wide", "base64"}


def test_notebook_records_requests_and_errors_when_an_image_is_on_another_host(lab: Lab):
    lab.write(
        "outside.ipynb",
        [
            "from IPython.display import HTML\n"
            'HTML(\'<img src="https://elsewhere.invalid/pixel.png" onerror="throw Error(7)">\')'
        ],
    )
    with lab.open("outside.ipynb") as notebook:
        with notebook.page.expect_event("pageerror"):
            notebook.run_all()
        assert set(notebook.off_host) == {"https://elsewhere.invalid/pixel.png"}
        assert any("7" in error for error in notebook.console_errors)


def test_run_all_names_the_cell_when_it_fails_or_hangs(lab: Lab):
    lab.write("failing.ipynb", ["print('before')", "1 / 0", "print('after')"])
    with lab.open("failing.ipynb") as notebook:
        with pytest.raises(AssertionError, match="ZeroDivisionError: division by zero"):
            notebook.run_all()
        expect(notebook.output("before")).to_be_visible()

    lab.write("hanging.ipynb", ["print('before')", "print('asleep'); import time; time.sleep(600)"])
    with lab.open("hanging.ipynb", dark=True) as notebook:
        with pytest.raises(TimeoutError, match=r"\['(1|\*)', '\*'\]"):
            notebook.run_all(timeout=1)
        notebook.output("asleep").wait_for()
        notebook.menu("Kernel", "Interrupt Kernel")
        notebook.output("KeyboardInterrupt").wait_for()
        notebook.wait_for_idle()
        assert notebook.page.locator("body").get_attribute("data-jp-theme-light") == "false"
