"""`python -m tools.sweep`."""

import sys

from tools.sweep.command import main

if __name__ == "__main__":
    sys.exit(main())
