"""What a recurrent network is measured against, and what it is given: n-grams, neighbours."""
