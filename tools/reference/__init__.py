"""Says whether trainings here come from the distribution of the stored ones: `make reference`."""
