"""`python manage.py serve`: makes the house ready and opens its doors. `make run` calls this."""

import hashlib
import socket
import sys
from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from typing import Any

import uvicorn
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, connections
from django.utils import timezone

from khitomer import demo
from khitomer.actions import activity
from khitomer.actions.bin import empty_old
from khitomer.actions.pictures import remove_strays
from khitomer.models import User
from khitomer.notices.courier import Courier

GRACE = 5  # seconds that an open page has to finish when the server stops
HEALTHY_WITHIN = 60  # seconds in which a worker must answer; a slow disk may need many to import all


class Command(BaseCommand):
    help = "Prepare the data folder and serve Khitomer; run again, it keeps everything."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="leave an empty data folder empty")
        parser.add_argument("--prepare-only", action="store_true", help="do all but serve")

    def handle(self, *, no_demo: bool, prepare_only: bool, **options: Any) -> None:
        if not prepare_only:
            check_port(settings.HOST, settings.PORT)
        check_database()
        call_command("migrate", verbosity=0, interactive=False)
        call_command("clearsessions")
        empty_old(timezone.now())
        remove_strays(timezone.now())
        activity.prune(timezone.now())
        self.collect()
        if not no_demo and not User.objects.exists():
            self.fill()
        check_passwords()
        self.greet()
        connections.close_all()
        if not prepare_only:
            self.serve()

    def collect(self) -> None:
        """Gather the static files once for every state that they are in."""
        if settings.DEBUG:
            return  # they are served from where they lie
        stamp, state = settings.DATA_DIR / "static-state", static_state()
        if settings.STATIC_ROOT.is_dir() and stamp.is_file() and stamp.read_text() == state:
            return
        self.say("Gathering fonts, styles and scripts.")
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(state)

    def fill(self) -> None:
        """Load the demo campaign into an empty house, unless strangers could walk in."""
        if "load_demo" not in get_commands():
            return
        if reason := demo.why_not_here():
            self.say(
                f"No demo campaign: {reason}, and the demo's passwords are public. "
                "KHITOMER_DEMO_ANYWHERE=1 loads it all the same."
            )
            return
        self.say("Loading the demo campaign, “The Long Peace”.")
        call_command("load_demo", verbosity=0)

    def greet(self) -> None:
        """Say where to go, and as whom."""
        address = address_of(settings.HOST, settings.PORT)
        lines = ["", f"Khitomer is at {address}"]
        if names := demo.open_accounts():
            lines += ["", f"Sign in with the password {demo.PASSWORD} as"]
            lines += [
                f"  {each.username:<12}{each.shows}" for each in demo.ACCOUNTS if each.username in names
            ]
        elif not User.objects.exists():
            if settings.OPEN_SIGN_UP:
                lines += ["", f"There is no account yet. Make the first one at {address}sign-up/"]
            else:
                lines += [
                    "",
                    "There is no account yet, and KHITOMER_OPEN_SIGN_UP is off.",
                    "Make the first one with: python manage.py createsuperuser",
                ]
        self.say("\n".join([*lines, "", f"All data is in {settings.DATA_DIR}. Ctrl-C stops the server."]))

    def serve(self) -> None:
        """Hand over to uvicorn until it is told to stop."""
        proxied = settings.SECURE_PROXY_SSL_HEADER is not None
        # In this process, beside those that answer requests: what goes out of the house keeps nobody waiting.
        with Courier(), suppress(KeyboardInterrupt):
            uvicorn.run(
                "khitomer.asgi:application",
                host=settings.HOST,
                port=settings.PORT,
                workers=settings.WORKERS,
                lifespan="off",
                log_level="info" if settings.DEBUG else "warning",
                access_log=settings.DEBUG,
                server_header=False,
                # Without a proxy, what a visitor says of where they come from is not to be believed.
                proxy_headers=proxied,
                forwarded_allow_ips="127.0.0.1,::1" if proxied else None,
                timeout_graceful_shutdown=GRACE,
                timeout_worker_healthcheck=HEALTHY_WITHIN,
            )
        self.say("Khitomer has stopped.")

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def check_port(host: str, port: int) -> None:
    """CommandError, in words, when nobody could serve at this host and port."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise CommandError(f"KHITOMER_HOST is {host}, which this machine does not know.") from error
    family, kind, protocol, _, address = found[0]
    with socket.socket(family, kind, protocol) as probe:
        if sys.platform != "win32":
            # A port that was left a moment ago is free; on Windows the same option would take one in use.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise CommandError(
                f"Port {port} of {host} cannot be had: {error.strerror or error}. "
                f"Another program may be using it; choose a port with PORT={port + 1 if port < 65535 else 8000}."
            ) from error


def check_database() -> None:
    """CommandError, in words, when the database does not answer."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        place = settings.DATABASES["default"]
        where = (
            place["NAME"]
            if connection.vendor == "sqlite"
            else f"{place['HOST'] or 'localhost'}/{place['NAME']}"
        )
        raise CommandError(
            f"The database at {where} cannot be reached: {str(error).strip()} "
            "See DATABASE_URL and KHITOMER_DATA in docs/operations.md."
        ) from error


def check_passwords() -> None:
    """CommandError when accounts with the published password would be open to others."""
    reason = demo.why_not_here()
    if reason and (names := demo.open_accounts()):
        raise CommandError(
            f"{reason}, but {', '.join(names)} still {'has' if len(names) == 1 else 'have'} the demo's password, "
            "which is public. Change it (python manage.py changepassword NAME), start with another KHITOMER_DATA, "
            "or set KHITOMER_DEMO_ANYWHERE=1 to serve the demo to others."
        )


def static_state() -> str:
    """What the static files are like now, in a few characters: their names, sizes and times, and how they are kept."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in finders.get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def address_of(host: str, port: int) -> str:
    """The address to open in a browser on this machine."""
    if host in ("0.0.0.0", "::"):
        host = "127.0.0.1"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"
