"""Who is asking: the person or program behind a bearer token or a grid login."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Identity:
    """
    An address that protections and permissions name, and a name to show.

    `state` is whatever the authenticator wants to see again when it is asked whether a session is still good, such as
    a fingerprint of the password's hash. It is signed, but not secret: the browser keeps it.
    """

    email: str
    name: str
    state: str = field(default="", compare=False)


Authenticator = Callable[[str, str], Identity | None]
"""Takes a username and a password; answers who that is, or None."""
StillValid = Callable[[Identity], bool]
"""Takes who logged in before; answers whether that session may go on."""


@dataclass(frozen=True)
class Home:
    """A page of another application to go back to, and its name."""

    name: str
    url: str


@dataclass(frozen=True)
class SharedLogin:
    """
    The login of another application on the same host, whose cookie the browser sends here too.

    Args:
        who: Takes the request's cookies; answers who is logged in there, with a `state` that is another for every
            login, or None.
        end: Takes the request's cookies; logs out there.
        url: Where to log in there, during a request; None if the cookies of there do not reach this host.
        home: Takes who is logged in; answers where the grid's page leads back to, during a request, or None.
    """

    who: Callable[[Mapping[str, str]], Identity | None]
    end: Callable[[Mapping[str, str]], None]
    url: Callable[[], str | None]
    home: Callable[[Identity], Home | None] = lambda _: None


def identity_for_token(tokens: Mapping[str, Identity], authorization: str | None) -> Identity | None:
    """
    The identity whose token an `Authorization` header carries, compared in constant time.

    Args:
        authorization: The header as sent (`Bearer …`), or None.
    """
    scheme, _, offered = (authorization or "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    found = None
    for token, identity in tokens.items():
        if hmac.compare_digest(token.encode(), offered.strip().encode()):
            found = identity
    return found
