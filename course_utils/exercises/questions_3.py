"""Questions of notebook 3: the right option, and a hint for each wrong one."""

from course_utils.exercises.choosing import question

question(
    "3.q1",
    "b",
    "The layer does the same in both cases. Only what it hands upward differs.",
    a=(
        "The last of all states equals the last state: the check above says so. And so do the"
        " others."
    ),
    c="The weights of one could be set in the other: they have the same shapes.",
)
question(
    "3.q2",
    "c",
    "Each layer that has another recurrent layer above it must leave it something to read.",
    a=(
        "Above the top layer stands a sigmoid unit, and there is one answer for each review. "
        "Who needs time steps to read?"
    ),
    b="Then the sigmoid unit gives an answer at each time step.",
    d="What does the third layer read, if the second one hands up its last state?",
)
question(
    "3.q3",
    "a",
    "A layer's size depends on what it reads. So a change below is felt in the layer above.",
    b="What does the upper layer read now at each step?",
    c="The lower layer has fewer units itself.",
)
question(
    "3.q4",
    "c",
    "One seed inside the band is a reason to look for causes, and no more.",
    a="The second model had more, and that changed nothing that could be seen.",
    b="A model that has learned a little can lie inside the band, too.",
    d="It lies within the spread of a coin on 500 reviews.",
)
question(
    "3.q5",
    "a",
    "A sum over more and more paths: each of them is shorter than the one path of a single layer.",
    b="Then it would go on growing. It falls from step 400 on.",
    c="Nothing skips the zeros: there is no mask.",
)
question(
    "3.q6",
    "d",
    "Look at the slope when the question is what more steps will cost.",
    a="They do here, because their curve rises first. Does it rise again with more zeros?",
    b="Compare the losses between step 400 and the last word: they are nearly the same.",
    c="Look at the two printed powers of ten over the same zeros: one is not twice the other.",
)
question(
    "3.q7",
    "b",
    "It takes one experiment in which the two explanations expect different things.",
    a="It is just what this explanation expects: the kernel cannot leave, and the stack learns.",
    c="Ask of each: what should have happened, if it were right?",
    d="So it was, and the stack learned. Do the two layers still sum twice?",
)
question(
    "3.q8",
    "c",
    "A cure can work for another reason than the one you have in mind. This control tells"
    " them apart.",
    a="A worse start is expected, and comes out. What would it mean if it had learned?",
    b="They change the recipe, so they are no more seeds of the same.",
)
question(
    "3.q9",
    "b",
    "Say it of this task, these sizes and these recipes. The same comparison can be made "
    "for others.",
    a="Three pairs on one task say nothing about other tasks.",
    c="That interval leaves the question open for one pair. And the other two?",
)
question(
    "3.q10",
    "a",
    "Turning the order around makes some paths shorter, and others longer. A "
    "bidirectional layer has both.",
    b="It is the same layer. What is the last token that it reads?",
    c="It reads it once, from its end to its beginning.",
    d="It is a recurrent layer: it reads one token after the other.",
)
