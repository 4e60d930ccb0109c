"""The console of standard output."""

from rich.console import Console


class QuietConsole(Console):
    """A console on standard output that raises BrokenPipeError; rich's own ends the process."""

    def on_broken_pipe(self) -> None:
        """Raise the error."""
        raise BrokenPipeError
