"""`manage.py audit_leaks`: does any page tell somebody what is kept from them?"""

import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from khitomer.auditing import audit, plant
from khitomer.auditing.copying import copy_house, manage
from khitomer.models import Campaign

COPY = "--in-place"


class Command(BaseCommand):
    help = (
        "Plants a canary in every secret field of a copy of a campaign, fetches every page, part, search, print, PDF "
        "and picture as every member, and lists each place where one shows. Exits with 1 if there is any."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign", nargs="?", help="its address; all campaigns unless one is named")
        parser.add_argument(
            COPY,
            action="store_true",
            help="write into the database at hand instead of a copy: for a house that is one already",
        )
        parser.add_argument(
            "--workers",
            type=int,
            default=os.cpu_count() or 1,
            help="how many processes ask for pages, as many as there are cores unless it is said",
        )

    def handle(self, *, campaign: str | None, in_place: bool, workers: int, **options: Any) -> None:
        if not in_place:
            return self.on_a_copy(campaign, workers)
        campaigns = Campaign.objects.filter(slug=campaign) if campaign else Campaign.objects.all()
        if campaign and not campaigns:
            raise CommandError(f"There is no campaign at “{campaign}”.")
        leaks = [leak for each in campaigns for leak in self.audited(each, workers)]
        for leak in leaks:
            self.stdout.write(str(leak))
        if leaks:
            raise CommandError(f"{len(leaks)} places tell what is kept from their reader.")
        self.stdout.write("No canary showed where it may not.")
        return None

    def audited(self, campaign: Campaign, workers: int) -> list[Any]:
        with transaction.atomic():
            canaries = plant(campaign)
        self.stdout.write(f"{campaign}: {len(canaries)} canaries planted.")
        return audit(campaign, canaries, workers=workers, say=self.tell)

    def tell(self, line: str) -> None:
        self.stdout.write(f"  {line}")
        self.stdout.flush()

    def on_a_copy(self, campaign: str | None, workers: int) -> None:
        """Copy the house, and audit it in a process that knows nothing but the copy."""
        with tempfile.TemporaryDirectory(prefix="khitomer-audit-") as folder:
            environment = copy_house(Path(folder))
            command = [
                *manage(),
                "audit_leaks",
                COPY,
                "--workers",
                str(workers),
                *([campaign] if campaign else []),
            ]
            code = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL).returncode
        if code:
            sys.exit(code)
