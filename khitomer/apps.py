from django.apps import AppConfig
from django.db.models.signals import post_migrate


class KhitomerConfig(AppConfig):
    name = "khitomer"

    def ready(self) -> None:
        """See to it that the index of the search is there whenever the tables are, and offer the kinds of handouts."""
        from khitomer.search.triggers import on_post_migrate
        from khitomer.sheets import archive, chart, law, story, written  # noqa: F401  (each registers its kinds)

        post_migrate.connect(on_post_migrate, dispatch_uid="khitomer.search")
