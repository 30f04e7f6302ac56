"""Questions of commands to whoever runs them."""

from django.core.management.base import CommandError


def confirm(question):
    """Ask; whatever is answered but ``yes``, and no answer at all, raises CommandError."""
    try:
        answer = input(f"{question} [yes/no] ")
    except EOFError:
        answer = ""
    if answer != "yes":
        raise CommandError("Nothing was changed.")
