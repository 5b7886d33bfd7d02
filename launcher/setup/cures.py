"""Why fetching or building failed, from what pip, npm and compilers print, and what helps."""

from __future__ import annotations

import re

AGAIN = "Then give the same command again: it goes on where this one stopped."
# The first that is found counts: a full disk also breaks downloads, and a refusing proxy looks like no connection.
CURES = {
    r"No space left on device|ENOSPC|Disk quota exceeded|EDQUOT": f"The disk is full. Make room. {AGAIN}",
    r"ReadOnly|Read-only file system|EROFS|Permission denied|EACCES|EPERM": (
        f"A file cannot be written: the log names it. Give it to your user, or use another folder. {AGAIN}"
    ),
    r"heap out of memory|MemoryError|Cannot allocate memory|ENOMEM": f"Memory ran out. End other programs. {AGAIN}",
    r"CERTIFICATE_VERIFY_FAILED|SELF_SIGNED_CERT|UNABLE_TO_(VERIFY|GET_ISSUER)|certificate (has expired|verify)": (
        "The server's certificate is not trusted, as behind a company's proxy. Set SSL_CERT_FILE, PIP_CERT and "
        f"NODE_EXTRA_CA_CERTS to the file with its authority. {AGAIN}"
    ),
    r"Tunnel connection failed|Proxy Authentication|\b(40[137]|E40[13]) |E40[13]\b|Forbidden|Unauthorized": (
        "The package index or a proxy refused. Check HTTPS_PROXY, PIP_INDEX_URL and npm's registry, with their "
        f"passwords. {AGAIN}"
    ),
    r"DO NOT MATCH THE HASHES|EINTEGRITY|THESE PACKAGES DO NOT MATCH": (
        "The package index serves a file that is not the one that was locked. Check PIP_INDEX_URL and npm's registry."
    ),
    r"NewConnectionError|name resolution|Name or service not known|nodename nor servname|getaddrinfo|ENOTFOUND"
    r"|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|Network is unreachable|No route to host"
    r"|Connection (refused|reset|aborted)|[Tt]imed out|ProxyError|MaxRetryError": (
        f"It needs the internet (behind a proxy: HTTPS_PROXY). {AGAIN}"
    ),
    r"Failed (building|to build)|command '?\S*(cc|clang|g\+\+|cargo|rustc)|Python\.h|subprocess-exited-with-error": (
        "A package has no ready-made build for this Python or machine, and compiling it failed. Install a compiler "
        "(sudo apt-get install build-essential python3-dev), or use Python 3.11 to 3.13."
    ),
    r"No matching distribution|Could not find a version|ETARGET|E404|404 Not Found": (
        "The package index does not have this version. Check PIP_INDEX_URL, PIP_NO_INDEX and npm's registry."
    ),
}


def cure(output: str) -> str:
    """What helps, or nothing when the output does not tell."""
    return next((text for pattern, text in CURES.items() if re.search(pattern, output)), "")
