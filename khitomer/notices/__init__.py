"""Notices: what of the activity one reader is told, in the app and in their browser, by letter, and by webhook outside.

`mine` reads them for a viewer. Each way of telling asks `visible_to` at the moment of telling, and says no more than
the activity does: that something happened, and where to look.
"""
