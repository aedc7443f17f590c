"""The leak audit: canaries in every secret field, every page fetched as every member, and where one shows.

It goes by an oracle of its own (plain Python over audiences), never by `visible_to`, which is what it tries.
"""

from khitomer.auditing.canaries import PLANTERS, Canary, Planter
from khitomer.auditing.crawling import Leak, audit
from khitomer.auditing.planting import plant

__all__ = ["PLANTERS", "Canary", "Leak", "Planter", "audit", "plant"]
