"""The world on loopback: a second implementation of everything outside, shared with no adapter."""
