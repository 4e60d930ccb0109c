"""The ``musement`` command as ``python -m musement_async``."""

from musement_async.cli import main

if __name__ == "__main__":  # pragma: no branch
    main()
