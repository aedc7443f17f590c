"""The event stream: open pages are told that something changed, and ask for it again with their own rights.

A bare ASGI route beside Django (`route`), one tail of the activity table a process (`tail`), and who may hear what
(`ears`). It says no more than a topic: what is behind it is asked for as any page is.
"""
