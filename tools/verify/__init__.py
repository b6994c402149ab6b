"""What proves the rest right: programs that check the notebooks, and that check the checks."""
