"""The explorer's first screen: tiles of the last full month, questions, saved questions."""
