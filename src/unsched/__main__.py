"""`python -m unsched` is the command `unsched`."""

import sys

from unsched.cli import main

if __name__ == "__main__":
    sys.exit(main())
