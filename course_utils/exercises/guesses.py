"""The guesses: what is asked before a cell, and what most people guess wrongly, and why."""

from typing import NamedTuple


class Guess(NamedTuple):
    """A question with a number as its answer, that number's unit, and the usual wrong guess.

    scale: how far off a guess is not near at all. None: as far as the larger of guess and truth.
    """

    question: str
    unit: str
    often: str
    scale: float | None = None


RUNS, ACCURACY, DIFFERENCE, COSINE = 20, 0.5, 0.05, 1
"""Scales."""


GUESSES: dict[str, Guess] = {
    "1.1": Guess(
        "How many of a row's 500 places does the review of median length fill?",
        "places",
        "Often guessed: 300 or more, because 500 was chosen. But most reviews are short. A limit "
        "of 500 is there for the few long ones, and the typical row is mostly zeros.",
    ),
    "1.2": Guess(
        "Which validation accuracy has the average of word vectors after 8 epochs, from 0 to 1?",
        "",
        "Often guessed: little more than a half, because the model does not know the order of the "
        "words. But an average of words is enough for more than 5 reviews in 6.",
        ACCURACY,
    ),
    "1.3": Guess(
        'Which cosine do "great" and "awful" have after the training, from -1 to 1?',
        "",
        "Often guessed: about 0, as for words that have nothing in common, or near 1, as they "
        "stand in the same places. But this table learned praise and blame, along one line.",
        COSINE,
    ),
    "1.4": Guess(
        "By how much is the median accuracy higher with a cut at random than by film? (0.01 is one "
        "percentage point.)",
        "",
        "Often guessed: 0.05 or more. Here it is less than one percentage point. The sign is "
        "beyond doubt all the same, and the best models of this course differ by hardly more.",
        DIFFERENCE,
    ),
    "1.5": Guess(
        "By how much is the best bag's accuracy above that of the averaged embedding? (0.01 is one "
        "percentage point.)",
        "",
        "Often guessed: none, because a bag has no order either. But a bag of pairs and triples "
        "knows the order within three words, and each n-gram has a weight of its own.",
        DIFFERENCE,
    ),
    "2.1": Guess(
        "With U × 0.8: which power of ten is the gradient at the first word, if it is 1 at the "
        "last one?",
        "(power of ten)",
        "Often guessed: -1, as if a fifth were lost once. But it is lost at each step, and a "
        "hundred such factors multiply.",
    ),
    "2.2": Guess(
        "Which accuracy has the model on its own training reviews, on average over 50 epochs, from "
        "0 to 1?",
        "",
        "Often guessed: 0.9 or more, because a network with many more parameters than reviews "
        "should learn them by heart. This one does not learn even the reviews it is shown.",
        ACCURACY,
    ),
    "2.3": Guess(
        "Which share of the distance between two states is left after 371 zeros, from 0 to 1?",
        "",
        "Often guessed: all of it, because zeros say nothing, or nothing at all. The zeros have a "
        "vector that is mixed in at each step: the reviews become faint, but are not wiped out.",
        ACCURACY,
    ),
    "2.4": Guess(
        "How many times shorter is the gradient at the last word than at step 500, as taught?",
        "times",
        "Often guessed: twice, or millions of times. A step over a zero shortens the gradient only "
        "a little, but there are hundreds of them.",
    ),
    "2.5": Guess(
        "How many of 20 runs with a mask leave the band of a coin?",
        "of 20 runs",
        "Often guessed: nearly all, because the zeros look like the one thing that is wrong. The "
        "mask removes them, and still most runs stay at chance: there is a second obstacle.",
        RUNS,
    ),
    "2.6": Guess(
        "And how many of 20, with a mask and the identity as the start of U?",
        "of 20 runs",
        "Often guessed: as few as with the mask alone, as the identity alone changes nothing. But "
        "the identity can only help once the zeros are out of the way.",
        RUNS,
    ),
    "3.1": Guess(
        "How many parameters has the upper layer of 100 units?",
        "parameters",
        "Often guessed: 13,300, as many as the lower one has. But the upper layer reads the 100 "
        "numbers of the layer below, not the 32 of the embedding.",
    ),
    "3.2": Guess(
        "Which validation accuracy has the stack after 3 epochs, from 0 to 1?",
        "",
        "Often guessed: 0.6 or more, because a second layer makes the model stronger. But more "
        "parameters do not remove what kept one layer at chance.",
        ACCURACY,
    ),
    "3.3": Guess(
        "At the last word: how many times as long is the gradient of two layers as that of one?",
        "times",
        "Often guessed: less than 1, because the path through two layers is longer. It is longer "
        "by one step only, and the gradient is the sum over many such paths.",
    ),
    "3.4": Guess(
        "A mask and the identity in both layers: how many of 20 runs leave the band of a coin?",
        "of 20 runs",
        "Often guessed: most of them, since the same two changes cured one layer. What cures one "
        "layer need not cure two.",
        RUNS,
    ),
    "3.5": Guess(
        "Which accuracy has the backward reader on new sequences after 3 epochs, from 0 to 1?",
        "",
        "Often guessed: about 0.5, because the layer and the number of tokens are the same. But "
        "for this reader the token that counts comes last, so that the path is short.",
        ACCURACY,
    ),
    "4.1": Guess(
        "Keep one thing for 100 tokens: which accuracy has the LSTM's median run, from 0 to 1?",
        "",
        "Often guessed: near 1, because an LSTM is said to be a SimpleRNN with a longer memory. "
        "With its forget gate as Keras starts it, most runs stay at chance.",
        ACCURACY,
    ),
    "4.2": Guess(
        "Pick one out of 50 tokens: which accuracy has the median run of the LSTM with forget bias "
        "3, from 0 to 1?",
        "",
        "Often guessed: near 1, because the open gate helped it to keep the first token. But "
        "a gate that keeps everything does not select.",
        ACCURACY,
    ),
    "4.3": Guess(
        "As taught: which power of ten is the gradient at the last word, if it is 1 at step 500?",
        "(power of ten)",
        "Often guessed: between -3 and 0, because an LSTM is said not to let gradients vanish. "
        "Before training its gradient vanishes faster over zeros than that of the SimpleRNN.",
    ),
    "4.4": Guess(
        "Forget bias 3, no mask: which test accuracy has the median run, from 0 to 1?",
        "",
        "Often guessed: 0.7 or more, because the gradient is back. A gradient that arrives is not "
        "enough: the open gate does harm of its own.",
        ACCURACY,
    ),
    "4.5": Guess(
        "Which accuracy does the averaged embedding reach on the same 1,000 reviews, from 0 to 1?",
        "",
        "Often guessed: less than the LSTM, because it does not know the order of the words. It "
        "is above all recurrent models of this figure, and the cheapest.",
        ACCURACY,
    ),
    "4.6": Guess(
        "How much does the median accuracy lose without the last 40 words? (0.01 is one percentage "
        "point.)",
        "",
        "Often guessed: 0.15 or more, because an LSTM is said to judge by what it read last. But "
        "words far back count, too, and many reviews give their verdict more than once.",
        DIFFERENCE,
    ),
    "4.7": Guess(
        "By how much are both together above the linear model? (0.01 is one percentage point.)",
        "",
        "Often guessed: 0.01 or 0.02, because two different models correct each other. Here the "
        "interval of the difference contains zero.",
        DIFFERENCE,
    ),
}
"""By their names, "notebook.number", in the order of the course."""
