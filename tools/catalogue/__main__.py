"""`python -m tools.catalogue` writes what docs/ has from the code."""

from tempfile import TemporaryDirectory

from tools.catalogue import DOCS, rendered, write
from tools.one_process import become_all_services

with TemporaryDirectory(prefix="blogbus-catalogue-") as run_dir:
    become_all_services(run_dir)
    write()
    print("\n".join(f"{DOCS.name}/{name}" for name in rendered()))
