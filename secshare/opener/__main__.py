"""`python -m secshare.opener`."""

import sys

from secshare.opener import main

if __name__ == "__main__":
    sys.exit(main())
