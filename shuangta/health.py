"""Whether the registry is well, for those who watch it."""

from django.http import JsonResponse
from django.views.decorators.http import require_safe

from shuangta.operations.databases import pending_migrations


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
