"""Transport: one request and its response, with rate limit, retries and HTTP."""
