"""Token stores: where the tokens of sessions are kept beyond one client. Each module is imported by its own name."""
