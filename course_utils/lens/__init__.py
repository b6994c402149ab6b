"""A model that can be touched: it runs inside the page, in plain JavaScript, without a network."""
