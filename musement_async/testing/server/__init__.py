"""The HTTP server under the operations: ASGI, OAuth, faults, the request log, queries and bodies."""
