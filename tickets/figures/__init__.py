"""Figures: what is kept of each day (`sources`, `counting`, `keeping`), what stands now (`desk`), what is shown of both
(`reading`, `sections`)."""
