"""
How many people each interval needs so that the promise is kept.
"""
