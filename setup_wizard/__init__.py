"""Setup Wizard: brings a maker's Wi-Fi device online, under the maker's own name."""

__version__ = "0.1.0"
