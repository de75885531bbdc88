"""Is this the right document for this person?"""
