"""The core of the live panel: what is kept, shown, counted and drawn of a stream of events."""
