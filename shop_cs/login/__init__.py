"""Getting in: failed tries and their limits, the second step, sessions, rules for passwords. Time is an argument."""
