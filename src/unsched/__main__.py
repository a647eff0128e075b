"""`python -m unsched` is the command `unsched`."""

import sys

from unsched.cli import main

sys.exit(main())
