"""Those who run the district in the admin, a module for each field of their work."""

from governance.admin import employment, grid, hall, policy, volunteers

__all__ = ["employment", "grid", "hall", "policy", "volunteers"]
