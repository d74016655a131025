"""The command as a module: ``python -m eagle_nb.cli``."""

import sys

from .commands import main

if __name__ == "__main__":
    sys.exit(main())
