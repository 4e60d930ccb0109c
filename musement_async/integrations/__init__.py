"""What connects the library with others: one module for each, behind an extra of its own."""
