"""`python -m secshare` is `secshare`."""

import sys

from secshare.cli import main

sys.exit(main())
