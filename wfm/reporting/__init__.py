"""
Results for people: rows of tables, pictures and pages. Nothing here decides anything.
"""
