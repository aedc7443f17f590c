from django.apps import AppConfig


class DiplomacyConfig(AppConfig):
    name = "diplomacy"

    def ready(self) -> None:
        """Tell the campaign, which knows nothing of conferences, what falls due, what an evening may be about, who
        takes an empty seat, what can be found, who listens, what is to be kept from whom, and which handouts it
        makes."""
        from diplomacy import listening, search  # noqa: F401  (the wall's door opens itself)
        from diplomacy.actions.conferences import leave_seats, take_empty_seats
        from diplomacy.canaries import plant_in_diplomacy
        from diplomacy.sheets import (  # noqa: F401  (each registers itself)
            brief,
            law,
            order,
            packs,
            placards,
            votes,
        )
        from diplomacy.waiting_agenda import conferences_to_hold
        from diplomacy.waiting_compliance import obligations_due
        from diplomacy.waiting_limits import limits_due
        from diplomacy.waiting_parleys import offers_lapsing
        from khitomer import agenda, due
        from khitomer.actions import joining
        from khitomer.auditing.canaries import PLANTERS
        from khitomer.search.sources import SOURCES

        due.TELLERS.append(obligations_due)
        due.TELLERS.append(limits_due)
        due.TELLERS.append(offers_lapsing)
        PLANTERS.append(plant_in_diplomacy)
        SOURCES.extend(search.SOURCES)
        agenda.TELLERS.append(conferences_to_hold)
        joining.WELCOMERS.append(take_empty_seats)
        joining.RELEASERS.append(leave_seats)
