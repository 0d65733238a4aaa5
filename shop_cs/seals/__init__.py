"""The trail, proved: what is new is sealed into a chain; the chain, the rows and the live records are compared."""
