"""Every address; with settings.py the only place that names both apps."""

from django.urls import include, path

from diplomacy.views.chamber import chamber
from khitomer.views import errors

urlpatterns = [
    path("", include("khitomer.views.urls")),
    path("c/<slug:campaign>/", include("diplomacy.views.urls")),
    path("chamber/<str:token>/", chamber, name="chamber"),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
