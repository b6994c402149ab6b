"""`python -m tools.grade`."""

import sys

from tools.grade.command import main

if __name__ == "__main__":
    sys.exit(main())
