"""The two files that hold Keras' training data: read from the cache, or made from the text."""

from course_utils.source import rebuild, trusted

REVIEWS = trusted.CachedFile(
    name="imdb_train.int32",
    size=23_971_364,
    algorithm="sha256",
    digest="fa326e20019e08a43e0245f2d7e8382c4ac7293c5d90c8e467e9e2d08d97104a",
)
"""25,000 lengths, then all ids. The tests derive the published hashes from these bytes."""
WORD_INDEX = trusted.CachedFile(
    name="imdb_word_index.json",
    size=1_641_221,
    algorithm="md5",
    digest="bfafd718b763782e994055a2d397834f",
)
"""Keras' own file: this is the hash that its source pins, keras/src/datasets/imdb.py."""


def content_of(wanted: trusted.CachedFile) -> bytes:
    """Return the content of one of the files; without a cache both are made, and cached.

    Raises FileNotFoundError without the text, ValueError for a wrong text. Warns if the cache is
    damaged or cannot be written.
    """
    content = trusted.read(wanted)
    if content is not None:
        return content
    made = dict(zip((REVIEWS, WORD_INDEX), rebuild.rebuild(), strict=True))
    for file, content in made.items():
        if problem := file.problem_with(content):
            raise ValueError(
                f"The text in {rebuild.text_path()} does not give Keras' data ({file.name}: "
                f"{problem}): install {rebuild.TEXT_PACKAGE}==0.0.2 again."
            )
        trusted.write(file, content)
    return made[wanted]
