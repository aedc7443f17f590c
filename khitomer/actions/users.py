"""What people do with their own accounts."""

import logging
from collections.abc import Callable

from axes.utils import reset as forgive
from django.core import signing
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils.http import urlsafe_base64_decode

from khitomer.errors import Refused
from khitomer.models import User

logger = logging.getLogger(__name__)

ADDRESS_SALT = "khitomer.address"
ADDRESS_LASTS = 24 * 60 * 60  # seconds


def sign_up(*, username: str, name: str, password: str) -> User:
    """Open an account without an address: see `propose_address`. Refused when the sign-in name is taken."""
    user = User(username=username.lower(), name=name)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:  # two people chose it in the same moment
        raise Refused("That sign-in name is taken", field="username", allowed="Choose another") from error
    return user


def rename(*, by: User, name: str) -> None:
    """Change the name at the table."""
    by.name = name
    by.save(update_fields=["name"])


def drop_address(*, by: User) -> None:
    """Take the address off the account; a forgotten password can then be mended by nobody but the host."""
    by.email = ""
    by.save(update_fields=["email"])


def propose_address(*, by: User, email: str, link: Callable[[str], str]) -> None:
    """Write to the address that `by` gives as theirs; it becomes theirs when they open the link in the letter.

    `link` turns a token into the address of the page that confirms it. When another account holds the address its
    holder is told instead, and `by` learns nothing: the page must say the same either way.
    """
    held = User.objects.filter(email__iexact=email).exclude(pk=by.pk).first()
    if held is not None:
        _send(held.email, "Your address was given again", "address-held", {"user": held})
        return
    token = signing.dumps({"user": by.pk, "email": email, "was": by.email}, salt=ADDRESS_SALT)
    _send(email, "Confirm your address", "address-confirm", {"user": by, "link": link(token)})


def confirm_address(*, by: User, token: str) -> None:
    """Put the address of a letter's link on the account. Refused when it is old, used, or another account's."""
    again = Refused("This link has run out, was used, or is another account's", allowed="Ask for a new one")
    try:
        written = signing.loads(token, salt=ADDRESS_SALT, max_age=ADDRESS_LASTS)
    except signing.BadSignature as error:
        raise again from error
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=by.pk)
        if written["user"] != user.pk or written["was"] != user.email:
            raise again
        user.email = written["email"]
        try:
            with transaction.atomic():
                user.save(update_fields=["email"])
        except IntegrityError as error:  # another account confirmed the same address first
            raise again from error


def find_holder(uid: str) -> User | None:
    """Whose account the first half of a reset link names, or None. It proves nothing: the second half does."""
    try:
        pk = int(urlsafe_base64_decode(uid))
    except ValueError:
        return None
    return User.objects.filter(pk=pk, is_active=True).first()


def set_password(*, by: User, password: str) -> None:
    """Give the account a new password, end its other sign-ins, and lift a throttle that the old one earned."""
    by.set_password(password)
    by.save(update_fields=["password"])
    forgive(username=by.username)


def _send(to: str, subject: str, letter: str, context: dict[str, object]) -> None:
    """Send a letter. A mail server that is down is the host's trouble: the log has it, the page says the same."""
    body = render_to_string(f"khitomer/mail/{letter}.txt", context)
    try:
        send_mail(f"Khitomer: {subject}", body, None, [to])
    except OSError:
        logger.exception("A letter about an address could not be sent.")
