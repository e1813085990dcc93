"""One file for each screen: it shows a state and says what happened, and knows no other page."""
