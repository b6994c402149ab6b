"""Mutations of the data: ids, labels, splits, films, tasks, padding, batches, the cache."""

from tools.verify.mutations.changes import replace
from tools.verify.mutations.runner import mutate

VOCABULARY, IMDB = "course_utils/vocabulary.py", "course_utils/imdb.py"
PADDING, BATCHES = "course_utils/padding.py", "course_utils/batches.py"
OFFICIAL = "test_reviews_are_the_official_ones"

vocabulary = mutate(VOCABULARY)
ids = mutate(VOCABULARY, OFFICIAL)
python2 = mutate("course_utils/source/python2.py")
rebuild = mutate("course_utils/source/rebuild.py", OFFICIAL)
keras_files = mutate("course_utils/source/keras_files.py", OFFICIAL)
trusted = mutate("course_utils/source/trusted.py")
files = mutate("course_utils/files.py")
imdb = mutate(IMDB)
reviews = mutate(IMDB, OFFICIAL)
split = mutate(IMDB, "test_lecture_split")
films = mutate("course_utils/films.py")
tasks = mutate(
    "course_utils/tasks.py", "test_flag_task_makes_every_sequence_that_fits_and_no_other"
)
padding = mutate(PADDING, "test_equal_to_keras")
defaults = mutate(PADDING, "test_lectures_defaults")
batches = mutate(BATCHES, "test_each_review_once_an_epoch")
given = mutate("course_utils/given.py")
deal = mutate(BATCHES, "test_epochs_differ_and_follow_the_seed")

DATA = [
    vocabulary(
        "index_from off by one",
        replace("INDEX_FROM = 3", "INDEX_FROM = 4"),
        "test_unknown_words_and_padding",
        "01:imports,word-index,encode",
    ),
    vocabulary(
        "start id is padding",
        replace("START_ID = 1", "START_ID = 0"),
        "test_encoded_text_is_the_loaded_review",
    ),
    ids("unknown words are 3", replace("OOV_ID = 2", "OOV_ID = 3")),
    vocabulary(
        "vocabulary one word too large",
        replace("np.where(ids < num_words", "np.where(ids <= num_words"),
        "test_limit_keeps_shape_and_dtype",
    ),
    ids(
        "skip_top drops frequent words",
        replace("np.where(ids < num_words", "np.where((ids < num_words) & ((ids < 4) | (ids > 9))"),
    ),
    vocabulary(
        "apostrophe cuts words",
        replace("""b'!"#$%&()*+""", """b'\\'!"#$%&()*+"""),
        "test_words_are_cut_as_keras_cut_them",
    ),
    python2(
        "another hash function", replace("1_000_003 * x", "1_000_005 * x"), "test_hash_of_python_2"
    ),
    rebuild("Keras' shuffle with another seed", replace("RandomState(113)", "RandomState(114)")),
    keras_files("hash of the reviews replaced", replace("fa326e20019e08a4", "fa326e20019e08a5")),
    reviews(
        "ids shifted by one place",
        replace("numbers[NUM_REVIEWS:]", "np.roll(numbers[NUM_REVIEWS:], -1)"),
        "01:imports,load,first-ids-review-2",
    ),
    imdb(
        "reviews cut at other places",
        replace("num_words), lengths), labels", "num_words), np.roll(lengths, 1)), labels"),
        "01:imports,load,length-review-20",
    ),
    reviews(
        "labels inverted",
        replace("keras_order() < FILES_PER_CLASS)", "keras_order() >= FILES_PER_CLASS)"),
    ),
    reviews(
        "labels shuffled",
        replace("labels = (keras_order()", "labels = np.random.permutation(keras_order()"),
    ),
    imdb(
        "decoding with the lecture's bug",
        replace("index_from: int = INDEX_FROM", "index_from: int = 0"),
        "test_decoding_undoes_encoding",
        "01:imports,load,decoded-right",
    ),
    split("validation from the training reviews", replace("slice(1000, 1500)", "slice(500, 1000)")),
    split("test set at another place", replace("slice(-500, None)", "slice(1500, 2000)")),
    split(
        "labels of a split reversed",
        replace("(reviews[part], labels[part])", "(reviews[part], labels[part][::-1])"),
    ),
    films(
        "films dealt review by review",
        replace(
            "return fold_of[film]", "return np.random.default_rng(seed).permutation(25_000) % 20"
        ),
        "test_folds_are_equal_and_whole_films",
        "test_split_keeps_films_whole_classes_equal_and_keras_order",
    ),
    films(
        "runs of the other class",
        replace('(run["label"] == "0", ', '(run["label"] == "1", '),
        "test_as_many_films_as_the_data_set_has",
        "test_reviews_that_name_a_films_lead_are_about_it",
    ),
    films(
        "films dealt without the seed",
        replace("default_rng(seed).permutation(len", "default_rng().permutation(len"),
        "test_seed_decides_the_cut",
    ),
    films(
        "validation from the films to train on",
        replace("folds > FOLDS // 2, folds ==", "folds >= FOLDS // 2, folds =="),
        "test_split_keeps_films_whole_classes_equal_and_keras_order",
    ),
    films(
        "files in the order of their names",
        replace(
            "by_file[file_numbers() + FILES_PER_CLASS * is_negative]", "by_file[keras_order()]"
        ),
        "test_files_of_a_film_are_neighbours",
        "test_reviews_that_name_a_films_lead_are_about_it",
    ),
    tasks(
        "opposite token missing",
        replace("    tokens[rows, opposite] = 2 - labels\n", ""),
        "test_counts_say_nothing_about_the_flags_label",
    ),
    tasks("flag one step behind", replace("flag + 2] = 1 + labels", "flag + 1] = 1 + labels")),
    trusted(
        "cache not verified",
        replace("if digest != self.digest:", "if False:"),
        "test_damaged_cache_is_made_again",
    ),
    trusted(
        "chosen cache folder ignored",
        replace('os.environ.get("COURSE_UTILS_CACHE")', "None"),
        "test_cache_that_cannot_be_written",
    ),
    files(
        "cache written in place",
        replace("part.replace(path)", "path.write_bytes(content)"),
        "test_link_in_the_cache_is_replaced_not_followed",
    ),
    defaults(
        "zeros in front by default",
        replace('padding: str = "post"', 'padding: str = "pre"'),
        "01:imports,load,padded-shape,padded-review-20",
    ),
    defaults(
        "long reviews lose their end",
        replace('truncating: str = "pre"', 'truncating: str = "post"'),
    ),
    padding(
        "sides of padding and cutting swapped",
        replace("padding=padding, truncating=truncating", "padding=truncating, truncating=padding"),
    ),
    defaults("padded rows of 501 ids", replace("maxlen: int = 500", "maxlen: int = 501")),
    padding(
        "padding filled with the start id",
        replace('dtype="int32", padding=padding', 'dtype="int32", value=1, padding=padding'),
    ),
    batches(
        "batches lose the last reviews of a pool",
        replace("range(0, len(positions), size)]", "range(0, len(positions) - size + 1, size)]"),
    ),
    deal(
        "batches not dealt anew",
        replace("        self.random.shuffle(order)\n", ""),
    ),
    deal(
        "batches forget their seed",
        replace('default_rng(whole_number("seed", seed, least=0))', "default_rng()"),
    ),
    batches(
        "unshuffled batches sorted by length",
        replace(
            "            self.deal = _cut(order,",
            "            self.deal = _cut(np.argsort(self.lengths),",
        ),
        "test_predictions_without_shuffling_are_those_of_the_padded_reviews",
    ),
    given(
        "labels of a pandas object by its index",
        replace(
            '    labels = by_place("labels", labels)\n    if labels.shape', "    if labels.shape"
        ),
        "test_shuffled_pandas_objects_go_by_place",
    ),
    given(
        "labels 1 and 2 taken",
        replace("or label not in (0, 1)]", "]"),
        "test_labels_are_0_or_1",
    ),
    vocabulary(
        "typographic apostrophes left",
        replace('"’": "\'", ', ""),
        "test_pasted_text_is_read_as_typed",
    ),
    vocabulary(
        "typographic signs read as typed in the data, too",
        replace("utf8 = text.encode(", "utf8 = text.translate(_AS_TYPED).encode("),
        OFFICIAL,
    ),
    batches(
        "labels of other reviews in a batch",
        replace(
            "return ids, self.labels[positions]", "return ids, self.labels[np.sort(positions)]"
        ),
    ),
]
