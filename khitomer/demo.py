"""The demo accounts, and where a password that everyone knows may be let in."""

import ipaddress
from dataclasses import dataclass

from django.conf import settings

from khitomer.models import User

PASSWORD = "camp-khitomer"


@dataclass(frozen=True)
class Account:
    """One seat at the demo table: the sign-in name, the name at the table, and what the account may show."""

    username: str
    name: str
    shows: str


ACCOUNTS = (
    Account("gm", "Maren", "the whole table: every secret, every vote, the ledger"),
    Account("federation", "Tobias", "the delegate of the Federation"),
    Account("klingon", "Ishani", "the delegate of the Klingon Empire"),
    Account("romulan", "Luca", "the delegate of the Romulan Star Empire"),
    Account("cardassian", "Wren", "the delegate of the Cardassian Union"),
    Account("observer", "Pilar", "what anyone at the table may see"),
)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine talking to itself: "localhost", 127.0.0.0/8 or ::1."""
    if host.rstrip(".").lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def why_not_here() -> str:
    """Why the demo accounts do not belong on this server, in words; empty where they do.

    A proxy on the same machine lets the world in through the loopback, so a server that says it stands behind one,
    speaks HTTPS, or answers to any other name counts as open to others.
    """
    if settings.DEMO_ANYWHERE:
        return ""
    if not is_loopback(settings.HOST):
        return f"KHITOMER_HOST is {settings.HOST}, which others can reach"
    if settings.SECURE_PROXY_SSL_HEADER:
        return "KHITOMER_BEHIND_PROXY says that others reach this server through a proxy"
    if settings.HTTPS:
        return "KHITOMER_HTTPS says that this server is open to others"
    foreign = [host for host in settings.ALLOWED_HOSTS if not is_loopback(host)]
    if foreign:
        return f"KHITOMER_ALLOWED_HOSTS names {foreign[0]}, under which others may reach this server"
    return ""


def open_accounts() -> list[str]:
    """The sign-in names of demo accounts that still have the published password."""
    users = User.objects.filter(username__in=[account.username for account in ACCOUNTS], is_active=True)
    return sorted(user.username for user in users if user.check_password(PASSWORD))
