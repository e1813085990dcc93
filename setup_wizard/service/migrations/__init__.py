"""How the database came to be what it is, one step after the other, as Alembic runs them.

A new step is a new file in `versions`; a step that was released is never changed. Alembic reads
the files by their names, so a frozen bundle has to carry this folder as data, sources and all.
"""
