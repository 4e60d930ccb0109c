"""The version, in a module of its own so that the build can read it without an import of the library."""

__version__ = "0.1.0"
