"""The handouts of the conference system: what is laid on the table before, at and after a sitting.

Each module registers its kinds when it is imported, which `diplomacy.apps` does.
"""
