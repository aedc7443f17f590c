"""The one door to a campaign: who is looking, and the mark every view wears.

Each view wears exactly one of `anonymous_allowed`, `account_required`, `member_required`, `gm_required` (and, in
diplomacy, `seat_required`). A campaign that does not exist, one that is not yours and a page that is not for your role
all raise the same `Http404`; whoever is not signed in is sent to sign in, whether or not the page exists.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase

from khitomer.errors import Refused
from khitomer.models import Campaign, Membership, Power, Role, User

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Viewer:
    """A member looking at their campaign: what every query starts from."""

    user: User
    campaign: Campaign
    membership: Membership
    behind: User | None = None
    """The GM who looks through this member's eyes. What is a delegation's alone they do not see even so."""

    @property
    def role(self) -> Role:
        return Role(self.membership.role)

    @property
    def is_gm(self) -> bool:
        """Whether this member runs the campaign: GM or co-GM."""
        return self.role in (Role.GM, Role.CO_GM)

    @property
    def delegation(self) -> int | None:
        """The power whose delegation this viewer belongs to; of a GM who only looks through a member's eyes, none."""
        return None if self.behind else self.membership.power_id

    @property
    def power(self) -> Power | None:
        return self.membership.power

    @property
    def power_id(self) -> int | None:
        return self.membership.power_id


class Request(HttpRequest):
    """A request as views meet it. `viewer` is set by `member_required` and everything built on it."""

    user: User | AnonymousUser
    viewer: Viewer
    htmx: Any


def get_campaign_for(user: User | AnonymousUser, slug: str) -> Viewer:
    """The viewer of the campaign with this slug, read afresh: a removed member is out at the next request.

    Raises `Http404` alike for a campaign that is missing and for one the person does not belong to.
    """
    if not isinstance(user, User):
        raise Http404
    membership = (
        Membership.objects.select_related("campaign", "power").filter(campaign__slug=slug, user=user).first()
    )
    if membership is None:
        raise Http404
    return Viewer(user=user, campaign=membership.campaign, membership=membership)


def eyes_of(viewer: Viewer, *, power: Power | None = None, person: Membership | None = None) -> Viewer:
    """What a person sees; a delegate of a power who was told nothing alone; or (with neither) anybody at the table.

    For the GM, who draws something for them: what is a delegation's alone is not seen even so.
    """
    if person is not None:
        person.campaign = viewer.campaign
        return Viewer(user=person.user, campaign=viewer.campaign, membership=person, behind=viewer.user)
    role = Role.PLAYER if power else Role.OBSERVER
    anyone = Membership(campaign=viewer.campaign, user=viewer.user, role=role, power=power)
    return Viewer(user=viewer.user, campaign=viewer.campaign, membership=anyone, behind=viewer.user)


VIEW_AS = "view-as"
"""The key of the session that holds, by campaign, the member through whose eyes a GM looks."""


def seen_through(request: Request, viewer: Viewer) -> Viewer:
    """The viewer, or for a GM who looks through a member's eyes that member, for as long as both are at the table."""
    chosen = request.session.get(VIEW_AS, {}).get(str(viewer.campaign.pk))
    if chosen is None:
        return viewer
    members = viewer.campaign.memberships.players().select_related("user", "power")
    member = members.filter(pk=chosen).first() if viewer.is_gm else None
    if member is None:  # they left, or came to run the campaign, or the GM does no longer
        look_through(request, viewer, None)
        return viewer
    member.campaign = viewer.campaign
    return Viewer(user=member.user, campaign=viewer.campaign, membership=member, behind=viewer.user)


def look_through(request: Request, viewer: Viewer, member: Membership | None) -> None:
    """From the next request on, see this campaign as the member does; as oneself, with none."""
    chosen = dict(request.session.get(VIEW_AS, {}))
    chosen.pop(str(viewer.campaign.pk), None)
    if member is not None:
        chosen[str(viewer.campaign.pk)] = member.pk
    request.session[VIEW_AS] = chosen


def marked(view: View, mark: str) -> View:
    """Write on a view which decorator guards it, for the test that walks the URLconf."""
    if hasattr(view, "access"):
        raise TypeError(f"{view.__name__} already wears {view.access}.")
    view.access = mark  # type: ignore[attr-defined]
    return view


def anonymous_allowed(view: View) -> View:
    """For pages the whole world may see: the public library, signing in, an invitation's door."""

    @wraps(view)
    def inner(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    return marked(inner, "anonymous_allowed")


def account_required(view: View) -> View:
    """For a person's own pages that belong to no campaign yet."""

    @wraps(view)
    def inner(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return marked(inner, "account_required")


def guarded(view: View, mark: str, admits: Callable[[Request, dict[str, Any]], None]) -> View:
    """A campaign view behind a door: sets `request.viewer`, then lets `admits` raise `Http404` where it must.

    The view is called without the `campaign` slug; what it needs is on `request.viewer`. Whoever looks through
    another's eyes only looks: what they send is refused, but for the way back (`own_eyes`).
    """

    @wraps(view)
    def inner(request: Request, campaign: str, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        viewer = get_campaign_for(request.user, campaign)
        request.viewer = viewer if getattr(view, "own_eyes", False) else seen_through(request, viewer)
        if request.viewer.behind and request.method not in ("GET", "HEAD"):
            raise Refused(
                f"You look through the eyes of {request.viewer.user}, and only look",
                allowed="Go back to your own view to do this",
            )
        try:
            admits(request, kwargs)
        except Http404:
            del request.viewer  # the page that refuses must not show that the campaign is there
            raise
        return view(request, **kwargs)

    return marked(inner, mark)


def own_eyes(view: View) -> View:
    """For the few views that a GM reaches as themselves while they look through a member's eyes. Worn innermost."""
    view.own_eyes = True  # type: ignore[attr-defined]
    return view


def member_required(view: View) -> View:
    """For every member of the campaign; what each sees on the page is filtered by `visible_to`."""
    return guarded(view, "member_required", lambda request, kwargs: None)


def gm_required(view: View) -> View:
    """For the GM and co-GM."""

    def admits(request: Request, kwargs: dict[str, Any]) -> None:
        if not request.viewer.is_gm:
            raise Http404

    return guarded(view, "gm_required", admits)
