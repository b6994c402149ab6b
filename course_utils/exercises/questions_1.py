"""Questions of notebook 1: the right option, and a hint for each wrong one."""

from course_utils.exercises.choosing import question

question(
    "1.q1",
    "c",
    "All such words share the id 2. So it is one of the most frequent ids of all.",
    a="0 is padding: no word at all. Look at the table.",
    b="1 says that here the review starts. Look at the table.",
    d="That would be above 5,000: the lecture keeps word numbers below it.",
)
question(
    "1.q2",
    "b",
    'Rank 1 and 3 more: 4. So many ids are a 4, as many as there are words "the".',
    a="That is the word of rank 4. An id is the rank and 3 more.",
    c="Reserved are 0 to 3.",
)
question(
    "1.q3",
    "a",
    "A limit is a bargain between words that are lost and zeros that are read.",
    b="A shorter row holds less: what becomes of a review that no longer fits?",
    c="A review that fitted before needs fewer zeros to fill a shorter row.",
)
question(
    "1.q4",
    "b",
    "Hundreds of zeros come after its last word. The course comes back to this again and again.",
    a="Its last word stands at step 129. What fills the other places?",
    c="The zeros go after the words, and the words keep their order.",
)
question(
    "1.q5",
    "c",
    "So of a long review, it is the verdict at its end that is kept.",
    a="All rows have the same length: look at the shape of the array.",
    b='That would be truncating="post". The lecture truncates with "pre".',
    d='One end only: look at the toy example with truncating="pre".',
)
question(
    "1.q6",
    "b",
    "Who chooses a setting on the test reviews will find it better than it is.",
    a="That is what the training reviews are for.",
    c="That is what the test reviews are for. They should not take part in any choice.",
)
question(
    "1.q7",
    "a",
    "An id is a name. Its row is looked up, and the row is what is learned.",
    b="Then word 87 would be a larger version of word 1. Ids are names, not amounts.",
    c="Nothing is compared: the layer looks up a row.",
)
question(
    "1.q8",
    "d",
    "One row for a tenth of the running text: whatever those words are, to the network "
    "they are the same.",
    a="The ids of review 20 hold many a 2, and none of them was dropped.",
    b="The last line above counts the ids that are 2.",
    c="The last line above shows the beginning of the vector of id 2.",
)
question(
    "1.q9",
    "b",
    "A check finds what it looks for. Ask of each check what it would have missed.",
    a="It looked at all of them. Which films did it compare?",
    c="Look at the second line: more than two thirds of the positive test reviews are concerned.",
)
question(
    "1.q10",
    "a",
    "The question is how a model judges films that it has not read about.",
    b="A cut at random has that, too. What do reviews of one film share?",
    c="The numbers hardly change. What do reviews of one film share?",
)
question(
    "1.q11",
    "b",
    "The same words have the same mean. And yet it judges most reviews right.",
    a='To tell them apart it would have to know what "not" belongs to.',
    c="Whatever was learned, a mean does not depend on the order of its parts.",
)
question(
    "1.q12",
    "c",
    "A gap alone is no overfitting: the model knows its training reviews, and still gets "
    "better on others.",
    a="Nearly every model does. When does overfitting begin, by the definition above?",
    b="Look at the last row of the table.",
)
question(
    "1.q13",
    "d",
    "This table was trained on praise and blame. So that is what nearness in it means.",
    a='By this measure "funny" would mean the same as "building".',
    b="This model knows no places: it takes the mean of all words.",
    c="The model does not see which words stand together, only whole reviews and their labels.",
)
question(
    "1.q14",
    "b",
    "Nothing in the training can push a vector out of this line.",
    a="A table of 32 numbers has room for 32 directions. What does the model use of a vector?",
    c=(
        "The map shows the two directions in which the words differ most, and the second is "
        "nearly empty."
    ),
)
question(
    "1.q15",
    "a",
    "One number of each kind cannot tell a rule from an accident.",
    b="Each training has as many reviews as before.",
    c="An average is no higher, but it is surer. Compared with what?",
)
question(
    "1.q16",
    "c",
    "Two changes at once leave open which of them counts. Change one at a time.",
    a="The two bags differ in a second thing as well.",
    b="They came in together with the triples. Which bag is missing that would tell them apart?",
)
question(
    "1.q17",
    "b",
    "A little order, and a weight for each pair: that is enough to be hard to beat.",
    a="The pairs in the bag have no order. But within a pair?",
    c="Where in the review a pair stands is not in the bag.",
)
question(
    "1.q18",
    "c",
    "No label was needed. Labels are rare, and text is not.",
    a="No label entered: look at what neighbour_vectors is given.",
    b="It saw nothing but reviews.",
)
