"""Looking ahead: who is needed for a sale, and what a version of the rulebook would have done to real requests."""
