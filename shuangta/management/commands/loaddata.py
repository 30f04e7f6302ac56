"""``manage.py loaddata``: Django's own; search and the evidence follow once, when all the rows are there."""

from django.core.management.commands import loaddata

from shuangta.following import at_once


class Command(loaddata.Command):
    def loaddata(self, fixture_labels):
        with at_once():
            super().loaddata(fixture_labels)
