"""One call: plan it, follow its pages, fetch the records."""
