"""
The nouns: what the stages hand to each other. Imports only ``wfm.errors``.
"""
