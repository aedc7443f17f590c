"""`python manage.py deliver_notices`: sends messages to webhooks and letters, where no `serve` does."""

from argparse import ArgumentParser
from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand

from khitomer.notices import courier


class Command(BaseCommand):
    help = "Send notices to webhooks, and letters that are due, until stopped. `serve` does so by itself."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="go one round, and stop")

    def handle(self, *, once: bool, **options: Any) -> None:
        if once:
            self.stdout.write(f"{courier.go_round()} sent.")
            return
        with suppress(KeyboardInterrupt), courier.Courier() as running:
            running.halted.wait()
