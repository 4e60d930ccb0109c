"""The generated catalogue: what there is to see and to book, and the search in it."""
