"""The pure words of the field: values that every room shares. No I/O, no Qt, no sentences."""
