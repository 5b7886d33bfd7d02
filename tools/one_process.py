"""Makes this process all services at once: for the simulator, the flow tests, and the catalogue of events."""

import os
import sys
from pathlib import Path
from unittest.mock import patch

ROOT = Path(__file__).resolve().parents[1]
OTHERS = ("DATABASE_URL", "EVENTBUS_LOG", "EVENTS_SECRET", "EVENTS_PEER_SECRETS", "EVENTS_ALLOW_UNSIGNED")
"""environment variables by which a service would leave this process"""


def become_all_services(run_dir: str) -> None:
    """Once per process, whose environment stays as it is. Keys, tokens and locks go into `run_dir`."""
    sys.path[:0] = [str(folder) for folder in ROOT.glob("*_svc")]
    import django

    with patch.dict(os.environ, BLOGBUS_ENV="local", BLOGBUS_RUN_DIR=run_dir):
        for name in OTHERS:
            os.environ.pop(name, None)
        os.environ["DJANGO_SETTINGS_MODULE"] = "tools.all_services"
        django.setup()
