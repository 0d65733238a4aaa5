"""The auditor's desk: the whole trail searched, a record as it stood, a person's day, all of it as a table."""
