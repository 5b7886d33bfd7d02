"""Why installing or building failed, from the output of pip, npm and compilers, and what to do."""

from __future__ import annotations

import re

AGAIN = "Then run the same command again: it continues where this one stopped."
# The first match counts: a full disk also breaks downloads, and a proxy that refuses looks like no connection.
CURES = {
    r"No space left on device|ENOSPC|Disk quota exceeded|EDQUOT": f"The disk is full. Free some space. {AGAIN}",
    r"ReadOnly|Read-only file system|EROFS|Permission denied|EACCES|EPERM": (
        f"A file cannot be written: the log names it. Change its owner, or use another folder. {AGAIN}"
    ),
    r"heap out of memory|MemoryError|Cannot allocate memory|ENOMEM": f"Out of memory. Close other programs. {AGAIN}",
    r"CERTIFICATE_VERIFY_FAILED|SELF_SIGNED_CERT|UNABLE_TO_(VERIFY|GET_ISSUER)|certificate (has expired|verify)": (
        "The server's certificate is not trusted, as behind a corporate proxy. Set SSL_CERT_FILE, PIP_CERT and "
        f"NODE_EXTRA_CA_CERTS to the file with its CA certificate. {AGAIN}"
    ),
    r"Tunnel connection failed|Proxy Authentication|\b(40[137]|E40[13]) |E40[13]\b|Forbidden|Unauthorized": (
        "The package index or a proxy refused the request. Check HTTPS_PROXY, PIP_INDEX_URL and npm's registry, "
        f"and their passwords. {AGAIN}"
    ),
    r"DO NOT MATCH THE HASHES|EINTEGRITY|THESE PACKAGES DO NOT MATCH": (
        "The package index serves a file with another hash than the locked one. Check PIP_INDEX_URL and npm's registry."
    ),
    r"NewConnectionError|name resolution|Name or service not known|nodename nor servname|getaddrinfo|ENOTFOUND"
    r"|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|Network is unreachable|No route to host"
    r"|Connection (refused|reset|aborted)|[Tt]imed out|ProxyError|MaxRetryError": (
        f"No connection to the internet. Check it (behind a proxy, set HTTPS_PROXY). {AGAIN}"
    ),
    r"Failed (building|to build)|command '?\S*(cc|clang|g\+\+|cargo|rustc)|Python\.h|subprocess-exited-with-error": (
        "A package has no prebuilt wheel for this Python or machine, and compiling it failed. Install a compiler "
        "(sudo apt-get install build-essential python3-dev), or use Python 3.11 to 3.13."
    ),
    r"No matching distribution|Could not find a version|ETARGET|E404|404 Not Found": (
        "The package index does not have this version. Check PIP_INDEX_URL, PIP_NO_INDEX and npm's registry."
    ),
}


def cure(output: str) -> str:
    """What to do, or empty if the output is not recognized."""
    return next((text for pattern, text in CURES.items() if re.search(pattern, output)), "")
