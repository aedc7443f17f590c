"""“The Long Peace”: the campaign a new house opens with.

What it holds is data (`powers`, `archive`, `story`, `docket`, `sittings`, `pictures`); `loader` brings it about by the
same actions that people use, so that the ledger tells how it came to stand as it does.
"""
