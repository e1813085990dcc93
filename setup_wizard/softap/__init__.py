"""Speaks with a Photon or P1 in listening mode, exact to the byte."""
