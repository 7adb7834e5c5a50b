"""
The doorway.
"""

from wfm.commands import main

main()
