"""Where the house is, for whoever reads of it elsewhere."""

from django.conf import settings


def site() -> str:
    """The address of the house, without a slash at its end: as it is set, or else as far as other settings tell."""
    if settings.ADDRESS:
        return settings.ADDRESS.rstrip("/")
    names = [name.lstrip(".") for name in settings.ALLOWED_HOSTS if name.strip(".*")]
    if settings.HTTPS and names:
        return f"https://{names[0]}"
    host = "127.0.0.1" if settings.HOST in ("0.0.0.0", "::") else settings.HOST
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.PORT}"


def address_of(path: str) -> str:
    """A path of the house as an address; nothing for no path."""
    return f"{site()}{path}" if path else ""
