"""Event-loop portal, retry, concurrency, progress, memory."""
