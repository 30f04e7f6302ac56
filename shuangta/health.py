"""Whether the registry is well, for those who watch it."""

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.views.decorators.http import require_safe


@require_safe
def healthz(request):
    """Whether the process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request):
    """Whether the database answers and every migration is applied."""
    pending = pending_migrations()
    status = {"status": "migrations are pending" if pending else "ok"}
    return JsonResponse(status, status=503 if pending else 200)


def pending_migrations(using=DEFAULT_DB_ALIAS):
    """What the database has not been migrated by. Raises OperationalError where it cannot be reached."""
    executor = MigrationExecutor(connections[using])
    return executor.migration_plan(executor.loader.graph.leaf_nodes())
