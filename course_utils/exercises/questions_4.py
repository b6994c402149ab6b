"""Questions of notebook 4: the right option, and a hint for each wrong one."""

from course_utils.exercises.choosing import question

question(
    "4.q1",
    "b",
    "What gates are good at is to select: to let in what counts, and to shut out what "
    "looks like it.",
    a="Look at 100 tokens in the first figure: which curve is still at 1?",
    c="Compare the two at 50 tokens in the second figure.",
)
question(
    "4.q2",
    "d",
    "No start of a gate is best for everything: what should be kept depends on the task.",
    a="Look at 50 tokens in the second figure.",
    b="Look at 100 tokens in the first figure.",
    c=(
        "Compare the two curves of the LSTM in each figure. Training does not always find "
        "what the start does not offer."
    ),
)
question(
    "4.q3",
    "c",
    "Forget gate open, input gate closed: so a cell state passes a step untouched.",
    a="A gate at 1 is open. The forget gate says how much is kept.",
    b="The candidate is multiplied by the input gate, which is closed.",
    d="That is for the output gate to decide. The question is about c.",
)
question(
    "4.q4",
    "a",
    "A gate says how much, between 0 and 1. The candidate says what: it can also take away.",
    b="Its formula ends in a sigmoid: between 0 and 1.",
    c="Its formula ends in a sigmoid: between 0 and 1. Closed is 0, not below.",
    d="Its formula ends in a sigmoid. What it multiplies can be negative, the gate itself cannot.",
)
question(
    "4.q5",
    "b",
    "One product gives all four parts at once, in the order input, forget, candidate, output.",
    a="Each word is read once: one product, and then it is split.",
    c="The hidden state has one number for each unit. Look at what the loop splits.",
)
question(
    "4.q6",
    "c",
    "As with the stacked RNN: what a layer reads is part of its size.",
    a="Both have 100 units.",
    b="Both have three gates and a candidate.",
)
question(
    "4.q7",
    "a",
    "Before you compare two models, compare each of them with a coin.",
    b="Where is the band of a coin on 500 reviews? Both numbers lie in it.",
    c="It lies within the band of a coin on 500 reviews.",
)
question(
    "4.q8",
    "d",
    "The explanation that is told most often is the one that the measurement refutes.",
    a="No optimizer has a part in it: the gradient is measured before training.",
    b="As taught, there is none, neither in the prediction nor in the measurement.",
    c="At a zero it writes something, but the cell state before is not multiplied by it.",
)
question(
    "4.q9",
    "c",
    "The control with a mask is what saves us here from a wrong conclusion, in either direction.",
    a=(
        "It would follow if the open gate did nothing else. Look at the row with the mask and"
        " the same bias."
    ),
    b="Then bringing it back should have cured the model.",
    d="The row with the mask alone is the only one that leaves the band.",
)
question(
    "4.q10",
    "b",
    "Three changes, one thing in common: that says more than each of them alone.",
    a="With padding in front, all the zeros are still read. When are they read?",
    c="With padding in front, each row still has 500 steps.",
    d="Each of the three has the same 1,000 reviews.",
)
question(
    "4.q11",
    "c",
    "More is not always better. On another task, the same comparison may come out differently.",
    a="Compare the two medians in the figure of the seeds.",
    b="With 20 seeds each, the interval of the difference in notebook 3 leaves out zero.",
)
question(
    "4.q12",
    "b",
    "Slowly: one step back the direction is nearly the same, twenty steps back it is not.",
    a="Look at the right end of the curve, twenty steps back.",
    c="Look one step back: there the cosine of the SimpleRNN is below zero.",
)
question(
    "4.q13",
    "a",
    "The gates are one path out of two. The measurement shows the other.",
    b="Look at the heat maps: no gate opens wide or shuts.",
    c="Deleting a word that stands dozens of words back still moves the answer.",
    d="The output gate says what is shown at a step. It keeps nothing from step to step.",
)
question(
    "4.q14",
    "c",
    "Reviews repeat themselves, which makes the task easier than it seems.",
    a="Then leaving them out would cost much.",
    b="Then reading only the last ones would cost much.",
    d="Either part lies well above chance, with every seed.",
)
question(
    "4.q15",
    "b",
    "An ablation takes away all that hangs on an ingredient. Ask what else went with it.",
    a="What else was taken away with it? Count the units.",
    c=(
        "Alone each of the five does little. That does not say what it is worth together with"
        " the others."
    ),
)
question(
    "4.q16",
    "a",
    "What gives away the label in training is missing in the test: the network would rely"
    " on something that is not there.",
    b="Smaller counts are a price here, no aim. What does a count on the review itself know?",
    c="The test has films of its own, too. What is in a count that includes the review itself?",
)
question(
    "4.q17",
    "d",
    "No gain that could be shown is not the same as no gain.",
    a=(
        "Compare it with the pooled LSTM, and with chance. And this interval is about what it"
        " adds to the linear model."
    ),
    b="An interval that contains zero also holds small gains and small losses.",
    c="That was not measured. And together they are better than the network alone.",
)
