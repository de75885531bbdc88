"""Reading the code in a photo, for the patient's command."""

import zxingcpp  # noqa: F401
