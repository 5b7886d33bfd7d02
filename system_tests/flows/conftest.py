"""This process is all services at once."""

import os

from system_tests.one_process import become_all_services

become_all_services(os.environ["BLOGBUS_RUN_DIR"])
