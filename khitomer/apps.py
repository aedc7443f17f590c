from django.apps import AppConfig


class KhitomerConfig(AppConfig):
    name = "khitomer"
