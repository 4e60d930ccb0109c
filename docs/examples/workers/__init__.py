"""A nightly copy of the catalogue, made by any number of workers on any number of machines."""
