"""The index is kept by the database: triggers on every source table, for either engine, made from `SOURCES`.

No action can forget them, nor can a bulk write, a migration or a hand on the database. They are made again whenever
migrations have run, for SQLite drops those of a table that it builds anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import AppConfig, apps
from django.db import connections, transaction

from khitomer.search.sources import SOURCES, Source

DOCUMENT = "khitomer_searchdocument"
INDEX = "khitomer_searchindex"
APOSTROPHES = ("'", "’", "ʼ", "‘", "`", "´")
"""Signs that stand inside a word and are no part of it: Qo'noS is found as qonos, with whichever sign it was typed."""

_ACCENTED = "àáâãäåāăąçćčďèéêëēėęěğìíîïīįñńňòóôõöōőřśšşťùúûüūůűųýÿźżž"
_PLAIN = "aaaaaaaaacccdeeeeeeeegiiiiiinnnooooooorssstuuuuuuuuyyzzz"
"""The letters that PostgreSQL is told to read as plain ones; SQLite's tokeniser does that itself."""


def on_post_migrate(*, sender: AppConfig, using: str, plan: Iterable[Any] = (), **_rest: Any) -> None:
    """After the last app has migrated: make the triggers anew if anything has changed, or if they are not there."""
    if sender is not list(apps.get_app_configs())[-1]:
        return
    connection = connections[using]
    if DOCUMENT in connection.introspection.table_names() and (plan or not _installed(connection)):
        install(using)


def install(using: str = "default") -> None:
    """Make index and triggers anew, and fill the index from what is there."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    found = [source for source in SOURCES if source.table in tables]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for statement in (*_beginning(connection.vendor), *_of_sources(found, connection.vendor)):
            cursor.execute(statement)
        for source in found:
            cursor.execute(_filling(source, connection.vendor, "1 = 1"))


def _installed(connection: Any) -> bool:
    names = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor != "sqlite":
        names = "SELECT tgname FROM pg_trigger"
    with connection.cursor() as cursor:
        cursor.execute(names)
        there = {name for (name,) in cursor.fetchall()}
    return {_name(source.sort, "insert") for source in SOURCES} <= there


def _beginning(vendor: str) -> Iterator[str]:
    if vendor == "sqlite":
        for when in ("insert", "delete", "update"):
            yield f"DROP TRIGGER IF EXISTS {_name('document', when)}"
        yield f"DELETE FROM {DOCUMENT}"
        yield f"DROP TABLE IF EXISTS {INDEX}"
        yield (
            f"CREATE VIRTUAL TABLE {INDEX} USING fts5(title, names, body, content='{DOCUMENT}', content_rowid='id',"
            " prefix='2 3', tokenize='unicode61 remove_diacritics 2')"
        )
        columns, new, old = (
            "title, names, body",
            "NEW.title, NEW.names, NEW.body",
            "OLD.title, OLD.names, OLD.body",
        )
        put = f"INSERT INTO {INDEX}(rowid, {columns}) VALUES (NEW.id, {new});"
        take = f"INSERT INTO {INDEX}({INDEX}, rowid, {columns}) VALUES ('delete', OLD.id, {old});"
        for when, body in (("insert", put), ("delete", take), ("update", f"{take} {put}")):
            yield f"CREATE TRIGGER {_name('document', when)} AFTER {when.upper()} ON {DOCUMENT} BEGIN {body} END"
        return
    yield "SET CONSTRAINTS ALL IMMEDIATE"  # what is still to be checked would keep the table from being changed
    yield f"DELETE FROM {DOCUMENT}"
    yield (
        "CREATE OR REPLACE FUNCTION khitomer_words(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ "
        f"SELECT regexp_replace(lower(translate($1, '{_ACCENTED}{_ACCENTED.upper()}', '{_PLAIN}{_PLAIN}')), "
        "'[^[:alnum:]]+', ' ', 'g') $$"
    )
    yield f"ALTER TABLE {DOCUMENT} DROP COLUMN IF EXISTS words"
    weighed = " || ".join(
        f"setweight(to_tsvector('simple'::regconfig, khitomer_words({column})), '{weight}')"
        for column, weight in (("title", "A"), ("names", "A"), ("body", "C"))
    )
    yield f"ALTER TABLE {DOCUMENT} ADD COLUMN words tsvector GENERATED ALWAYS AS ({weighed}) STORED"
    yield f"CREATE INDEX khitomer_searchdocument_words ON {DOCUMENT} USING gin (words)"


def _of_sources(sources: Iterable[Source], vendor: str) -> Iterator[str]:
    for source in sources:
        gone = f"DELETE FROM {DOCUMENT} WHERE sort = '{source.sort}' AND key = OLD.id;"
        kept = f"{_filling(source, vendor, 's.id = NEW.id')};"
        changed = f"UPDATE OF {', '.join(source.columns)}"
        yield from _trigger(source.sort, "insert", "INSERT", source.table, kept, vendor)
        yield from _trigger(source.sort, "update", changed, source.table, kept, vendor)
        yield from _trigger(source.sort, "delete", "DELETE", source.table, gone, vendor)
        for table, column in source.parts:
            for when, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
                again = f"{_filling(source, vendor, f's.id = {row}.{column}')};"
                yield from _trigger(f"{source.sort} {table}", when.lower(), when, table, again, vendor)


def _trigger(called: str, when: str, event: str, table: str, body: str, vendor: str) -> Iterator[str]:
    name = _name(called, when)
    if vendor == "sqlite":
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {body} END"
        return
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"
    )
    yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
    yield f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


def _name(sort: str, when: str) -> str:
    return f"khitomer_search_{sort.replace(' ', '_')}_{when}"


def _filling(source: Source, vendor: str, where: str) -> str:
    """Write, or write anew, the documents of those rows of a source."""
    words = ", ".join(_word(each, vendor) for each in (source.title, source.names, source.body))
    return (
        f"INSERT INTO {DOCUMENT} (campaign_id, sort, key, title, names, body) "
        f"SELECT {source.campaign}, '{source.sort}', s.id, {words} FROM {source.table} s WHERE {where} "
        "ON CONFLICT (sort, key) DO UPDATE SET campaign_id = excluded.campaign_id, title = excluded.title, "
        "names = excluded.names, body = excluded.body"
    )


def _word(expression: str, vendor: str) -> str:
    """SQL text without the signs that stand inside words."""
    if vendor != "sqlite":
        expression = expression.replace("group_concat(", "string_agg(")
    text = f"coalesce({expression}, '')"
    for sign in APOSTROPHES:
        text = f"replace({text}, '{sign * 2 if sign == chr(39) else sign}', '')"
    return text
