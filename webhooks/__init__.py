"""The HTTP edge: the citizen's pages, the API, and health for whoever watches."""

from webhooks.app import create_app
from webhooks.settings import Office, WebSettings

__all__ = ["Office", "WebSettings", "create_app"]
