"""
Workforce management for contact centres: from contact history to a proven roster.
"""

__version__ = "0.1.0"
