"""What a set-up is compared by: short trainings that need what the lessons say of a network."""

from tools.sweep.recipes import Recipe

BY_FILM = {"data": "by film", "reviews": 1000, "maxlen": 200, "epochs": 5}
MASKED = {**BY_FILM, "mask": True, "units": 32}
IDENTITY = {**MASKED, "start": "identity"}
FLAG = {"data": "flag", "reviews": 4000, "maxlen": 20, "learning_rate": 0.003, "epochs": 12}
FIRST = {"data": "first token", "reviews": 3000, "maxlen": 40, "learning_rate": 0.003, "epochs": 4}

RECIPES = {
    "averaged_embedding": Recipe("averaged_embedding", "by film", **BY_FILM | {"epochs": 20}),
    "simple_rnn": Recipe("simple_rnn", "identity, small steps", **IDENTITY, learning_rate=3e-4),
    "stacked_rnn": Recipe("stacked_rnn", "identity, lower kept", **IDENTITY, kept="lower_rnn"),
    "lstm": Recipe("lstm", "mask", **MASKED, learning_rate=0.003),
    "gru": Recipe("gru", "mask", **MASKED, learning_rate=0.003),
    "simple_rnn_first": Recipe("simple_rnn", "first token, k = 40", **FIRST),
    "lstm_flag": Recipe("lstm", "flag, k = 20", **FLAG),
}
"""By film: on 1,000 reviews of at most 200 words, with 32 units, which takes seconds.

Each seed cuts all reviews anew, so that no film of those to test is one of those to train.
"""
