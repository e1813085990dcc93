"""The reference backend: it holds the client secret, so that the desktop program never does."""
