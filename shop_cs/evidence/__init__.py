"""Evidence: what may come in, how it is kept, and how it is shown."""
