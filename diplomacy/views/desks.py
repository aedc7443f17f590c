"""Stub: desks."""

from django.http import HttpResponse
from django.shortcuts import render

from khitomer.access import Request, member_required


@member_required
def desk(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "desk", "sentence": ""})
