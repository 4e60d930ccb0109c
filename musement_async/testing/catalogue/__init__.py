"""The generated catalogue, and the search in it."""
