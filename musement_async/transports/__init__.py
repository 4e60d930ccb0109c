"""What wraps the network."""

from musement_async.transports.musement import DEFAULT_SLOTS, MusementTransport

__all__ = ["DEFAULT_SLOTS", "MusementTransport"]
