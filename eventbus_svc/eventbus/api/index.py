"""The header `Index-Begins` of responses that come from the index."""

from eventbus.inspection.window import Window
from eventbus.schemas import moment


def begins(window: Window, *, searched: bool = False) -> dict[str, str]:
    """The header, if the log has more than the index; `searched`: more than can be found by text."""
    since = window.searched_since() if searched else window.since
    return {} if since is None else {"Index-Begins": moment(since)}
