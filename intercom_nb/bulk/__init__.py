"""Many writes from one DataFrame."""
