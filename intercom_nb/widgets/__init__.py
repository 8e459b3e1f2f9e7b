"""The forms: ``login()``, ``explore()`` and ``show()``.

A form is one anywidget. All content travels in custom messages, never in traits, so neither a
credential nor a customer's row can end up in a saved notebook. One thread handles the messages in
order (``channel``), requests run on the portal, and a click returns immediately.
"""

from .chooser import explore
from .explorer.explorer import Explorer
from .login.login_form import LoginForm

__all__ = ["Explorer", "LoginForm", "explore"]
