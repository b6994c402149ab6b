"""Mutations of the data: ids, labels, splits, padding, batches, the cache."""

from tests.mutations.changes import replace
from tests.mutations.runner import Mutation

_VOCABULARY = "course_utils/vocabulary.py"
_IMDB = "course_utils/imdb.py"
_CACHE = "course_utils/cache.py"
_PADDING = "course_utils/padding.py"
_BATCHES = "course_utils/batches.py"

DATA = [
    Mutation(
        "index_from off by one",
        "Each word gets the id of the next rarer word.",
        _VOCABULARY,
        replace("INDEX_FROM = 3", "INDEX_FROM = 4"),
        (
            "tests/test_imdb.py::test_unknown_words_and_padding",
            "01_data_and_embeddings:imports,word-index,encode",
        ),
    ),
    Mutation(
        "start id is padding",
        "Reviews start with 0, the id of padding.",
        _VOCABULARY,
        replace("START_ID = 1", "START_ID = 0"),
        ("tests/test_imdb.py::test_encoded_text_is_the_loaded_review",),
    ),
    Mutation(
        "unknown words are 3",
        "Words outside the vocabulary get another id than Keras gives them.",
        _VOCABULARY,
        replace("OOV_ID = 2", "OOV_ID = 3"),
        ("tests/test_imdb.py::test_reviews_are_the_official_ones",),
    ),
    Mutation(
        "vocabulary one word too large",
        "The id num_words itself is kept; an embedding of num_words rows has no such row.",
        _VOCABULARY,
        replace("np.where(ids < num_words", "np.where(ids <= num_words"),
        ("tests/test_vocabulary.py::test_limit_keeps_shape_and_dtype",),
    ),
    Mutation(
        "skip_top drops frequent words",
        "The most frequent words become unknown ones.",
        _VOCABULARY,
        replace("np.where(ids < num_words", "np.where((ids < num_words) & ((ids < 4) | (ids > 9))"),
        ("tests/test_imdb.py::test_reviews_are_the_official_ones",),
    ),
    Mutation(
        "apostrophe cuts words",
        "`don't` becomes two words.",
        _VOCABULARY,
        replace("""b'!"#$%&()*+""", """b'\\'!"#$%&()*+"""),
        ("tests/test_vocabulary.py::test_words_are_cut_as_keras_cut_them",),
    ),
    Mutation(
        "another hash function",
        "Words of equal frequency are ranked in another order.",
        _VOCABULARY,
        replace("1_000_003 * x", "1_000_005 * x"),
        ("tests/test_vocabulary.py::test_hash_of_python_2",),
    ),
    Mutation(
        "ids shifted by one place",
        "Each review starts with the second id of its own and ends with the start of the next.",
        _IMDB,
        replace("numbers[NUM_REVIEWS:]", "np.roll(numbers[NUM_REVIEWS:], -1)"),
        (
            "tests/test_imdb.py::test_reviews_are_the_official_ones",
            "01_data_and_embeddings:imports,load,first-ids-review-2",
        ),
    ),
    Mutation(
        "reviews cut at other places",
        "Each review takes the length of its neighbour.",
        _IMDB,
        replace(
            "return _views(limit_vocabulary(ids, num_words), lengths), labels",
            "return _views(limit_vocabulary(ids, num_words), np.roll(lengths, 1)), labels",
        ),
        ("01_data_and_embeddings:imports,load,length-review-20",),
    ),
    Mutation(
        "labels inverted",
        "Positive reviews are labelled 0, negative ones 1.",
        _IMDB,
        replace(
            "keras_order() < rebuild.FILES_PER_CLASS)", "keras_order() >= rebuild.FILES_PER_CLASS)"
        ),
        ("tests/test_imdb.py::test_reviews_are_the_official_ones",),
    ),
    Mutation(
        "labels shuffled",
        "Labels belong to other reviews; as many are positive as before.",
        _IMDB,
        replace(
            "labels = (rebuild.keras_order()",
            "labels = np.random.permutation(rebuild.keras_order()",
        ),
        ("tests/test_imdb.py::test_reviews_are_the_official_ones",),
    ),
    Mutation(
        "Keras' shuffle with another seed",
        "Labels, splits and file numbers follow another order than the reviews.",
        "course_utils/rebuild.py",
        replace("RandomState(113)", "RandomState(114)"),
        ("tests/test_imdb.py::test_reviews_are_the_official_ones",),
    ),
    Mutation(
        "decoding with the lecture's bug",
        "Ids are taken for ranks, so decoded reviews are word salad.",
        _IMDB,
        replace(
            "ids: np.ndarray, index_from: int = INDEX_FROM", "ids: np.ndarray, index_from: int = 0"
        ),
        (
            "tests/test_imdb.py::test_decoding_undoes_encoding",
            "01_data_and_embeddings:imports,load,decoded-right",
        ),
    ),
    Mutation(
        "validation from the training reviews",
        "Half of the training reviews validate, too.",
        _IMDB,
        replace("slice(1000, 1500)", "slice(500, 1000)"),
        ("tests/test_imdb.py::test_lecture_split",),
    ),
    Mutation(
        "test set at another place",
        "Other reviews are tested than those the stored numbers come from.",
        _IMDB,
        replace("slice(-500, None)", "slice(1500, 2000)"),
        ("tests/test_imdb.py::test_lecture_split",),
    ),
    Mutation(
        "labels of a split reversed",
        "Reviews and labels of each part do not belong together.",
        _IMDB,
        replace("(reviews[part], labels[part])", "(reviews[part], labels[part][::-1])"),
        ("tests/test_imdb.py::test_lecture_split",),
    ),
    Mutation(
        "films on both sides of the split",
        "Half of the reviews at random train, so that most films are seen in training.",
        _IMDB,
        replace(
            "train = file_numbers() < rebuild.FILES_PER_CLASS // 2",
            "train = np.arange(len(reviews)) % 2 == 0",
        ),
        ("tests/test_imdb.py::test_film_split_cuts_each_class_by_file_number",),
    ),
    Mutation(
        "cache not verified",
        "A damaged cache is used as it is.",
        _CACHE,
        replace("if digest != self.digest:", "if False:"),
        ("tests/test_imdb.py::test_damaged_cache_is_made_again",),
    ),
    Mutation(
        "hash of the reviews replaced",
        "The right reviews are refused.",
        _IMDB,
        replace("fa326e20019e08a4", "fa326e20019e08a5"),
        ("tests/test_imdb.py::test_reviews_are_the_official_ones",),
    ),
    Mutation(
        "cache written in place",
        "A link in the cache folder is followed, and another process can read half a file.",
        _CACHE,
        replace("part.replace(file.path)", "file.path.write_bytes(content)"),
        ("tests/test_imdb.py::test_link_in_the_cache_is_replaced_not_followed",),
    ),
    Mutation(
        "chosen cache folder ignored",
        "COURSE_UTILS_CACHE has no effect.",
        _CACHE,
        replace('os.environ.get("COURSE_UTILS_CACHE")', "None"),
        ("tests/test_imdb.py::test_cache_that_cannot_be_written",),
    ),
    Mutation(
        "zeros in front by default",
        "The lecture's padding is the other one.",
        _PADDING,
        replace('padding: str = "post"', 'padding: str = "pre"'),
        (
            "tests/test_padding.py::test_lectures_defaults",
            "01_data_and_embeddings:imports,load,padded-shape,padded-review-20",
        ),
    ),
    Mutation(
        "long reviews lose their end",
        "The lecture cuts the beginning.",
        _PADDING,
        replace('truncating: str = "pre"', 'truncating: str = "post"'),
        ("tests/test_padding.py::test_lectures_defaults",),
    ),
    Mutation(
        "sides of padding and cutting swapped",
        "Where zeros go decides where ids are dropped, and the other way round.",
        _PADDING,
        replace("padding=padding, truncating=truncating", "padding=truncating, truncating=padding"),
        ("tests/test_padding.py::test_equal_to_keras",),
    ),
    Mutation(
        "rows of 501",
        "Padded reviews are one id longer than the lecture's.",
        _PADDING,
        replace("maxlen: int = 500", "maxlen: int = 501"),
        ("tests/test_padding.py::test_lectures_defaults",),
    ),
    Mutation(
        "filled with the start id",
        "Behind the words stand ones, which no mask skips.",
        _PADDING,
        replace('dtype="int32", padding=padding', 'dtype="int32", value=1, padding=padding'),
        ("tests/test_padding.py::test_equal_to_keras",),
    ),
    Mutation(
        "batches lose reviews",
        "The last reviews of a pool are in no batch, unless they fill one.",
        _BATCHES,
        replace(
            "for start in range(0, len(positions), size)]",
            "for start in range(0, len(positions) - size + 1, size)]",
        ),
        ("tests/test_batches.py::test_each_review_once_an_epoch",),
    ),
    Mutation(
        "batches not dealt anew",
        "Each epoch has the same batches.",
        _BATCHES,
        replace("            self.random.shuffle(order)\n", "            pass\n"),
        ("tests/test_batches.py::test_epochs_differ_and_follow_the_seed",),
    ),
    Mutation(
        "batches forget their seed",
        "Each run deals other batches.",
        _BATCHES,
        replace(
            'np.random.default_rng(whole_number("seed", seed, least=0))', "np.random.default_rng()"
        ),
        ("tests/test_batches.py::test_epochs_differ_and_follow_the_seed",),
    ),
    Mutation(
        "labels of other reviews in a batch",
        "A batch's labels are in the order of the file, its reviews in that of their length.",
        _BATCHES,
        replace("self.labels[positions]\n", "self.labels[np.sort(positions)]\n"),
        ("tests/test_batches.py::test_each_review_once_an_epoch",),
    ),
]
