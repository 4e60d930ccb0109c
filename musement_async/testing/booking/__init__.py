"""Bookings: customers, carts, orders, their settlement, and webhooks."""
