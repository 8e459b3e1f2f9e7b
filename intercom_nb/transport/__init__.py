"""How one request gets an answer: the request and the answer as plain data, rate, retries, HTTP."""
