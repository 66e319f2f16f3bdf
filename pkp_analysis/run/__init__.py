"""Plan, one warm process per notebook, manifest."""
