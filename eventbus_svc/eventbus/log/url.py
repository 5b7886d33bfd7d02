"""The options in `EVENTBUS_LOG`."""

from urllib.parse import SplitResult, parse_qsl

from django.core.exceptions import ImproperlyConfigured

from svc_chassis.web.numbers import whole_number


def options(url: SplitResult, known: dict[str, int], *, address: str = "") -> dict[str, int]:
    """The whole numbers after `?`, with `known` as defaults. `address`: an example, where the URL needs one.

    Raises ImproperlyConfigured, which names the error but not the URL: it may hold a password.
    """
    if address and (not url.hostname or url.fragment):
        raise ImproperlyConfigured(
            f"EVENTBUS_LOG: {url.scheme}:// needs an address, as in {url.scheme}://{address}; "
            "write a # in a password as %23."
        )
    if not address and (url.netloc or url.path or url.fragment):
        raise ImproperlyConfigured(
            f"EVENTBUS_LOG: {url.scheme}:// has no address, only options, as in {url.scheme}://?partitions=3."
        )
    given = dict(parse_qsl(url.query, keep_blank_values=True))
    for name, value in given.items():
        if name not in known:
            raise ImproperlyConfigured(
                f"EVENTBUS_LOG: {url.scheme}:// has no option {name!r}; it has {', '.join(known)}."
            )
        if whole_number(value, 1, 9999) is None:
            raise ImproperlyConfigured(f"EVENTBUS_LOG: {name} is {value!r}: set it to a whole number from 1 to 9999.")
    return known | {name: int(value) for name, value in given.items()}
