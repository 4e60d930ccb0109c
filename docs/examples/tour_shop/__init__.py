"""A small shop for tours on FastAPI: search, availability, booking, webhooks, customers who log in."""
