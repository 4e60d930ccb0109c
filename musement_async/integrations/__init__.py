"""Integrations with other frameworks: one package each, with an extra of its own."""
