"""
Files: what their columns mean, how they are read and how they are written.
"""
