#!/usr/bin/env python
"""Django's command line for this project, in a checkout."""

from shuangta.__main__ import main

if __name__ == "__main__":
    main()
