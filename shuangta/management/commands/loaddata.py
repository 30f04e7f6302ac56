"""``manage.py loaddata``: Django's own; search, evidence and trees follow once, when all the rows are there."""

from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.core.management.commands import loaddata

from shuangta.history.batching import deferred_refresh
from shuangta.history.context import open_batch
from shuangta.operations.databases import RequiresMigrations


class Command(RequiresMigrations, loaddata.Command):
    def loaddata(self, fixture_labels):
        try:
            with open_batch(), deferred_refresh():
                super().loaddata(fixture_labels)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
