"""What is in a document: one reader a kind of file."""
