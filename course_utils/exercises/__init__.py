"""The exercises: `check.py` is what a student sees, `judging.py` how an answer is judged.

Solve an exercise before you open its `notebook_…py`, `experiments_…py` or `questions_…py`: the
mistakes listed there come close to the solution, as do the last hints in `hints.toml`. `help.py`
gives them one by one.
"""
