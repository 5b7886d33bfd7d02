"""Where the index begins, as a header of each answer that comes from it."""

from eventbus.inspection.window import Window
from eventbus.schemas import moment


def begins(window: Window) -> dict[str, str]:
    """The header `Index-Begins`, where the log has more than the index."""
    return {} if window.since is None else {"Index-Begins": moment(window.since)}
