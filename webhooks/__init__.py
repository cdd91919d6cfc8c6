"""The HTTP edge: the citizen's pages, the API, health for whoever watches, and what channels deliver."""

from webhooks.app import create_app
from webhooks.settings import InboundSecrets, Office, WebSettings

__all__ = ["InboundSecrets", "Office", "WebSettings", "create_app"]
