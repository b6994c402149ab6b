"""The notebooks as their readers get them: run, as pages, decks, student copies, a site, live."""


class PublishError(Exception):
    """A notebook cannot be published; says which cell stands in the way, and why."""
