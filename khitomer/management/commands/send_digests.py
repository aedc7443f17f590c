"""`python manage.py send_digests`: sends the letters of what happened that are due, and stops. For cron."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from khitomer.notices import digests


class Command(BaseCommand):
    help = "Send the letters that are due: each once a day or a week, however often this is called."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"{digests.send_due(timezone.now())} sent.")
