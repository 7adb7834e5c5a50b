"""
The roster: who works when, with a proof of how good it is.
"""
