"""What connects the library to frameworks and stores, each module behind an extra of its own."""
