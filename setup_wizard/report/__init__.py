"""The journal on this computer, and the report for support that is made of it."""
