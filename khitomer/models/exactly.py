"""A condition that several models share."""

from django.db.models import Q


def one_of(*names: str) -> Q:
    """Of these nullable columns exactly one is set."""
    condition = Q()
    for chosen in names:
        condition |= Q(**{f"{name}__isnull": name != chosen for name in names})
    return condition
