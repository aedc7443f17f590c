"""A copy of the whole house in a folder of its own, so that an audit may write into it."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from khitomer.environment import with_instead

NOT_COPIED = ["contenttypes", "auth.permission", "sessions", "axes", "khitomer.searchdocument"]
"""What every database has of its own, and what triggers write again."""


def copy_house(to: Path) -> dict[str, str]:
    """Copy database and uploads into the folder `to`; gives the environment in which commands find the copy.

    A SQLite file is copied as it stands, while others go on writing; from PostgreSQL the rows are written out and read
    into a SQLite file. The copy never lies where the original does.
    """
    database = f"sqlite:///{to / 'khitomer.sqlite3'}"
    environment = with_instead(KHITOMER_DATA=str(to), DATABASE_URL=database)
    media = Path(settings.MEDIA_ROOT)
    if media.exists():
        shutil.copytree(media, to / "media")
    commands = [
        ["collectstatic", "--no-input", "--verbosity", "0"]
    ]  # pages name their files by what is in them
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with sqlite3.connect(to / "khitomer.sqlite3") as copy:
            connection.connection.backup(copy)
    else:
        rows = to / "rows.json"
        call_command("dumpdata", exclude=NOT_COPIED, output=str(rows), verbosity=0)
        commands += [["migrate", "--verbosity", "0"], ["loaddata", "--verbosity", "0", str(rows)]]
    for command in commands:
        subprocess.run([*manage(), *command], env=environment, check=True)
    return environment


def manage() -> list[str]:
    """How a command is called in a process of its own."""
    return [sys.executable, str(Path(settings.BASE_DIR) / "manage.py")]
