"""`python manage.py load_demo`: fills the house with the campaign “The Long Peace” and its accounts."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from diplomacy.demo import loader
from khitomer import demo
from khitomer.errors import Refused


class Command(BaseCommand):
    help = "Load the demo campaign. Its passwords are public, so it is refused where others can reach the server."

    def handle(self, **options: Any) -> None:
        if reason := demo.why_not_here():
            raise CommandError(
                f"{reason}, and the demo's passwords are public. KHITOMER_DEMO_ANYWHERE=1 loads it all the same."
            )
        try:
            campaign = loader.load(now=timezone.now())
        except Refused as refused:
            raise CommandError(f"The demo was not loaded. {refused}") from refused
        if options["verbosity"]:
            accounts = ", ".join(each.username for each in demo.ACCOUNTS)
            self.stdout.write(f"Loaded “{campaign}”. Accounts: {accounts}; password: {demo.PASSWORD}")
