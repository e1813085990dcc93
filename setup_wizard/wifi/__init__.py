"""Adapter: this computer's Wi-Fi, and how to stay on one of its interfaces."""
