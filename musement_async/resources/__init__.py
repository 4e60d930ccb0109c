"""One class per area of the API, one method per operation."""
