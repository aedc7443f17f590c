"""Pictures as numbers: plain values in, frozen dataclasses of coordinates out.

Nothing here knows of Django, of a database or of the present day. The template parts in
``templates/parts/drawing`` write the values down as SVG and HTML; ``khitomer/templatetags/drawing.py`` joins
the two.
"""
