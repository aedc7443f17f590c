"""A form sent twice counts once, also when both arrive together."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from khitomer.models import User

KEY = "sent-forms"
REMEMBERED = 20


@dataclass
class Sent:
    """What came of a form: `earlier` when it was sent before, and then `to`, the address that it led to."""

    earlier: bool
    to: str


@contextmanager
def sending(*, token: str, session: SessionBase, by: User) -> Iterator[Sent]:
    """Do the work of a form inside this, unless the `Sent` it gives says that it was done; set its `to`.

    The posts of one person wait for each other at the person's row, and the session is read afresh behind that lock:
    what it said when the request came in may be older than the other post. Nothing is noted when the work fails.
    """
    with transaction.atomic():
        # Without its key: what this person does elsewhere may go on to name them.
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        known: dict[str, str] = type(session)(session.session_key).get(KEY, {})
        sent = Sent(earlier=token in known, to=known.get(token, ""))
        yield sent
        if not sent.earlier:
            session[KEY] = dict([*known.items(), (token, sent.to)][-REMEMBERED:])
            session.save()
