"""The forms: ``login()`` and ``explore()``, and the parts that they are made of.

A form is one anywidget. What it shows travels in custom messages, never in traits, so neither a
credential nor a customer's row can end up in a saved notebook. Messages are worked off one after
the other on a thread of their own (``panel``), requests run on the portal, and a click returns
at once whatever it starts.
"""

from .explorer.explorer import Explorer, explore
from .login.login_form import LoginForm

__all__ = ["Explorer", "LoginForm", "explore"]
