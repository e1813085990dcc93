"""The live panel: what the customer's devices say, as rows and as lines, and what they can do."""
