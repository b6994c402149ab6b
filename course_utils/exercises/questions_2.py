"""Questions of notebook 2: the right option, and a hint for each wrong one."""

from course_utils.exercises.choosing import question

question(
    "2.q1",
    "c",
    "One set serves at every step, so a layer can read reviews of any length.",
    a=(
        "The drawing is unrolled: it shows one layer several times. The formula has one W and"
        " one U, without an index t."
    ),
    b="The drawing is made for four words. It shows one layer, once for each of them.",
)
question(
    "2.q2",
    "b",
    "Each state sums up all words so far, in their order: that is what the average of "
    "notebook 1 could not do.",
    a="Follow the arrows backwards from the fourth state: one comes from the state before it.",
    c=(
        "That is the average of notebook 1. Here each word is mixed into what the state was "
        "before, so the order counts."
    ),
    d=(
        "The layer reads from left to right. No arrow leads from a later word back to an "
        "earlier state."
    ),
)
question(
    "2.q3",
    "a",
    "More steps, the same layer: the length of a review is not in its number of parameters.",
    b="Look at the rule: d and n are in it, the length of the review is not.",
    c="The state has one number for each unit, however many words were read.",
)
question(
    "2.q4",
    "b",
    "Each use of U adds its share. W and b have such sums, too.",
    a=(
        "Only the last state goes into the sigmoid: there is one loss. What happens to U at "
        "each step?"
    ),
    c="The loop above has a single review, and still adds up 129 shares.",
)
question(
    "2.q5",
    "c",
    "Clipping only shortens. It helps against explosion, and not against vanishing.",
    a="Clipping cuts what is too long. It never makes a gradient longer.",
    b=(
        "It keeps the direction of the whole gradient. But the part of the first word is "
        "nearly zero before and after."
    ),
    d="A gradient below the limit is left as it is.",
)
question(
    "2.q6",
    "a",
    "Each step multiplies by the derivative of tanh, too, and that is below 1 wherever a "
    "state is not 0.",
    b="1.2 times an orthogonal matrix makes every vector longer, by a fifth.",
    c=(
        "Nothing is trained here: the curve shows the gradient itself, before any optimizer "
        "sees it."
    ),
    d=(
        "No cell so far clips anything. Look at the formula of one step: what else does it "
        "multiply by?"
    ),
)
question(
    "2.q7",
    "b",
    "A model that overfits knows its training reviews by heart. This one does not know "
    "them at all.",
    a="Look at the training loss. A model that overfits has a low one.",
    c="There is no trend in 50 epochs. And notebook 4 tries more of everything, without success.",
    d="The training loss is that of a coin: it does not answer well to its own reviews, either.",
)
question(
    "2.q8",
    "a",
    "Inside the band nothing is proved, neither that it learned nor that it did not.",
    b="Compare it with the band of a coin on 500 reviews.",
    c="A model that has learned a little can land there, too. The band does not decide it.",
)
question(
    "2.q9",
    "c",
    "The test could have gone either way: so it means something that the answers differ.",
    a="Who ignores zeros is not disturbed by them: nothing changes when they are skipped.",
    b=(
        "That says how well it tells reviews apart, not whether zeros count. What is changed "
        "in this cell?"
    ),
)
question(
    "2.q10",
    "b",
    "Adam looks at how large a gradient is compared with its own past. A measurement of "
    "length is not yet a cause.",
    a="All rows of the table get the same 16 updates.",
    c=(
        "The average is over all words of the training reviews, and it is no smaller than for the"
        " padding. What does Adam do with a gradient that is always short?"
    ),
    d="As taught, there is no mask.",
)
question(
    "2.q11",
    "a",
    "They become faint. A larger weight could still tell them apart.",
    b="Look at the right end of the curve: it is low, but not at zero.",
    c="That is what a mask does. As taught, the vector of id 0 is mixed in at each step.",
)
question(
    "2.q12",
    "c",
    "The best of many seeds says how lucky one was. The median and its interval say what "
    "to expect.",
    a=(
        "Who trains this recipe once more will most likely end inside the band. And the best "
        "of 20 coins looks good, too."
    ),
    b="No run is left out because of its result. Which number is hardly moved by one lucky seed?",
)
question(
    "2.q13",
    "b",
    "An interval that contains zero leaves the question open. More seeds could close it.",
    a=(
        "The interval reaches up to a few points, too: an effect of that size fits these "
        "seeds as well."
    ),
    c="Most of the interval lies above zero.",
)
question(
    "2.q14",
    "c",
    "Two obstacles: as long as one of them is left, taking the other away shows nothing.",
    a="Compare the two rows with a mask: they differ in the identity only.",
    b=(
        "Without a mask, the runs end at chance with either start. With a mask, the identity "
        "lifts them."
    ),
)
question(
    "2.q15",
    "a",
    "Only a comparison that could have gone wrong can support a suspicion.",
    b=(
        "That is what came out, and it fits: the zeros are still there. In which comparison "
        "is the turning the only obstacle left?"
    ),
    c="That came out, too. Both obstacles are there, so it says nothing about one of them.",
    d="That came out, and it fits: an obstacle need not stop every run.",
)
question(
    "2.q16",
    "b",
    "Now the lecture's warning fits: what it learns from then on helps with its own reviews only.",
    a="Seven in ten test reviews are right, far outside of the band.",
    c="It learns: its training loss has fallen far below that of a coin.",
)
