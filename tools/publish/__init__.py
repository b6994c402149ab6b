"""The notebooks as their readers get them: run, as pages, decks, student copies, a site, live."""
