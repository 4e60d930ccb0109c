"""Token stores, which keep the tokens of sessions beyond one client. Import each store from its own module."""
