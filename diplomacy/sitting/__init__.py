"""A conference's desk as one viewer meets it: `desk` puts together what the modules beside it draw.

Drawn in a constant number of queries, whatever the length of the agenda. What the viewer may not see is left out by
the query; what was cast in an open vote is known here for the caster alone.
"""
