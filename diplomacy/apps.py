from django.apps import AppConfig


class DiplomacyConfig(AppConfig):
    name = "diplomacy"

    def ready(self) -> None:
        """Tell the campaign, which knows nothing of conferences, what falls due and who takes an empty seat."""
        from diplomacy.actions.conferences import take_empty_seats
        from diplomacy.waiting_compliance import obligations_due
        from diplomacy.waiting_limits import limits_due
        from diplomacy.waiting_parleys import offers_lapsing
        from khitomer import due
        from khitomer.actions import joining

        due.TELLERS.append(obligations_due)
        due.TELLERS.append(limits_due)
        due.TELLERS.append(offers_lapsing)
        joining.WELCOMERS.append(take_empty_seats)
