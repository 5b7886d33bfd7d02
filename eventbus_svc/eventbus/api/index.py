"""The header `Index-Begins` of responses that come from the index."""

from eventbus.inspection.window import Window
from eventbus.schemas import moment


def begins(window: Window) -> dict[str, str]:
    """The header, if the log has more than the index."""
    return {} if window.since is None else {"Index-Begins": moment(window.since)}
