from django.apps import AppConfig


class DiplomacyConfig(AppConfig):
    name = "diplomacy"

    def ready(self) -> None:
        """Let the page of the story date tell which obligations fall due, without the campaign knowing of them."""
        from diplomacy.waiting import obligations_due
        from khitomer import due

        due.TELLERS.append(obligations_due)
