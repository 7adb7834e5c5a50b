"""
What will come: volumes and handle times per queue, with honest bands.
"""
