"""Adapter: the cloud behind the maker's product, over HTTP."""
