"""Search: words of claims and replies, and the numbers of records, through one box."""
