"""The card: a hybrid identity on paper, the size of a credit card."""
