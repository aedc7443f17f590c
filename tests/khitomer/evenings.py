"""What the tests of evenings share."""

import re

from django.urls import reverse

from khitomer.models import SessionState
from tests import factories


def url(name, **kwargs):
    return reverse(name, kwargs={"campaign": "long-peace", **kwargs})


def read(client, name, **kwargs):
    answer = client.get(url(name, **kwargs))
    assert answer.status_code == 200
    return re.sub(r'name="[\w-]*token" value="[^"]+"', "", answer.content.decode())


def in_play(campaign):
    """An evening in play with two points and a scene that may disclose a secret to the Klingons."""
    session = factories.make_session(
        campaign, "Tonight", ["The roll", "The vote"], state=SessionState.IN_PLAY
    )
    entry = factories.make_entry(campaign, "Canary Krell", audience="gm")
    secret = factories.make_secret(entry, "Canary words")
    scene = session.scenes.create(position=1, title="Canary scene", text_html="<p>Canary text</p>")
    scene.entries.add(entry)
    staged = scene.reveals.create(secret=secret, audience="powers")
    staged.powers.add(campaign.powers.get(slug="klingon"))
    return session, scene, staged
