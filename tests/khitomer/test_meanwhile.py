"""Two GMs write one session, one scene, one recap: the second loses nothing, and undoes nothing unseen."""

import re

import pytest

from khitomer.models import Recap, Scene, Session
from tests import factories
from tests.khitomer.evenings import url

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(campaign):
    return Session.objects.create(campaign=campaign, number=1, title="The border", gm_notes="Nobody knows.")


def test_a_session_written_meanwhile(as_gm, session):
    path = url("session-edit", number=1)
    form = {
        "title": "The border",
        "on": "",
        "starts": "",
        "recap": "",
        "gm_notes": "Mine.",
        "token": "t",
        "began": begun(as_gm, path),
    }
    Session.objects.update(gm_notes="Theirs.")

    second = as_gm.post(path, form)

    assert second.status_code == 422
    page = second.content.decode()
    assert "Somebody else wrote this meanwhile" in page
    assert "What stands there now: “Theirs.”" in page
    assert "Mine.</textarea>" in page
    session.refresh_from_db()
    assert session.gm_notes == "Theirs."

    again = as_gm.post(path, form | {"began": began_in(page)})
    assert again.status_code == 302
    session.refresh_from_db()
    assert session.gm_notes == "Mine."


def test_a_scene_written_meanwhile(as_gm, session):
    scene = Scene.objects.create(session=session, title="At the gate", text="Old.", position=1)
    path = url("scene-edit", number=1, pk=scene.pk)
    form = {"title": "At the gate", "text": "Mine.", "token": "t", "began": begun(as_gm, path)}
    Scene.objects.update(text="Theirs.")
    page = as_gm.post(path, form).content.decode()
    assert "What stands there now: “Theirs.”" in page and "Mine.</textarea>" in page
    scene.refresh_from_db()
    assert scene.text == "Theirs."


def test_what_a_scene_names_is_not_lost_either(as_gm, session, campaign):
    scene = Scene.objects.create(session=session, title="At the gate", text="Old.", position=1)
    path = url("scene-edit", number=1, pk=scene.pk)
    form = {"title": "At the gate", "text": "Old.", "token": "t", "began": begun(as_gm, path)}
    scene.entries.add(factories.make_entry(campaign, "Captain Nisk"))
    page = as_gm.post(path, form).content.decode()
    assert "What stands there now: “Captain Nisk”" in page
    assert [str(entry) for entry in scene.entries.all()] == ["Captain Nisk"]


@pytest.mark.parametrize("apart", [False, True])
def test_a_recap_written_meanwhile(as_gm, session, apart):
    recap = Recap.objects.create(session=session, text="Old.") if apart else session
    name = "text" if apart else "recap"
    path = url("recap-edit", number=1, pk=recap.pk) if apart else url("session-recap", number=1)
    form = {name: "Mine.", "do": "publish", "token": "t", "began": begun(as_gm, path)}
    type(recap).objects.update(**{name: "Theirs."})
    page = as_gm.post(path, form).content.decode()
    assert "Somebody else wrote this meanwhile" in page and "Mine.</textarea>" in page
    assert "What stands there now: “Theirs.”" in page
    recap.refresh_from_db()
    assert getattr(recap, name) == "Theirs."
    assert as_gm.post(path, form | {"began": began_in(page)}).status_code == 302
    recap.refresh_from_db()
    assert getattr(recap, name) == "Mine."


def test_a_recap_that_the_form_did_not_have_is_told_of_and_kept(as_gm, session):
    """The form of a planned evening asks for no recap; another tells it while that form is open."""
    path = url("session-edit", number=1)
    form = {"title": "The border", "on": "", "starts": "", "gm_notes": "Mine.", "token": "t"}
    form["began"] = begun(as_gm, path)
    Session.objects.update(recap="Theirs.")
    page = as_gm.post(path, form).content.decode()
    assert "What stands there now: “Theirs.”" in page
    assert as_gm.post(path, form | {"began": began_in(page)}).status_code == 302
    session.refresh_from_db()
    assert (session.recap, session.gm_notes) == ("Theirs.", "Mine.")


def test_the_recap_of_an_evening_that_has_not_begun_is_empty(as_gm, session):
    answer = as_gm.get(url("session-recap", number=1))
    assert answer.status_code == 200


def begun(client, path):
    return began_in(client.get(path).content.decode())


def began_in(page):
    return re.search(r'name="began" value="([0-9a-f]{32})"', page)[1]
