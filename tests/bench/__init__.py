"""Benchmarks: `make bench`. Nothing here is a test; what is pinned in tests is the number of statements."""
