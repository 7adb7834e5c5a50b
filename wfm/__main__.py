"""
``python -m wfm``: the same door as ``wfm``.
"""

from wfm.commands import main

if __name__ == "__main__":
    main()
