"""
A plan changed: kept by hand, replanned around who is away, compared with the one before.
"""
