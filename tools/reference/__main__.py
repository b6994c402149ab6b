"""`python -m tools.reference`."""

import sys

from tools.reference.command import main

if __name__ == "__main__":
    sys.exit(main())
