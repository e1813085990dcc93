"""How the database came to be what it is, one step after the other, as Alembic runs them.

A new step is a new file in `versions`; a step that was released is never changed.
"""
