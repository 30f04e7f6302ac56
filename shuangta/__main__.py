"""Django's command line for this project: ``shuangta``, ``python -m shuangta`` and ``manage.py`` are one."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError

from shuangta.operations.databases import flaw_of_connection


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuangta.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"The settings are wrong: {error}")
    except OperationalError:
        flaw = flaw_of_connection()
        if flaw is None:
            raise
        sys.exit(flaw)


if __name__ == "__main__":
    main()
