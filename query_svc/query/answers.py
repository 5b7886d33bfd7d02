"""How query answers: by an ETag, and kept by the server until the read model changes."""

from hashlib import blake2b

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from rest_framework.request import Request

from svc_chassis.web.keeping import keep


def answer(request: Request, body: bytes, link: str = "", content_type: str = "application/json") -> HttpResponseBase:
    """A response with `body`, or 304 if the client has it; kept by the server until the read model changes."""
    etag = f'"{blake2b(body + link.encode(), digest_size=16).hexdigest()}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache"} | ({"Link": link} if link else {})
    response = HttpResponse(body, content_type=content_type, headers=headers)
    return keep(get_conditional_response(request._request, etag=etag, response=response) or response)
