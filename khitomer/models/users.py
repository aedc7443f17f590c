"""People with an account."""

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower


class Manager(UserManager["User"]):
    use_in_migrations = False

    def get_by_natural_key(self, username: str | None) -> "User":
        """Sign-in names are told apart without regard to case."""
        return self.get(username__iexact=username)


class User(AbstractUser):
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField("name at the table", max_length=60)

    objects = Manager()
    REQUIRED_FIELDS = ["email", "name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("username"), name="user_username_any_case"),
            models.UniqueConstraint(
                Lower("email"), name="user_email_any_case", condition=~models.Q(email="")
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class LettersSent(models.Model):
    """When letters went out in the last hour, to one address or on the word of one sender: never which.

    `key` is a keyed hash of either, so that a stolen database tells nobody's address; `at` holds seconds of the epoch.
    """

    key = models.CharField(max_length=64, unique=True)
    at = models.JSONField(default=list)
    latest = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{len(self.at)} until {self.latest:%Y-%m-%d %H:%M}"
