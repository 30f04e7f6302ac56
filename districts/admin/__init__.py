"""Where things are and what is counted in the admin, a module for each."""

from districts.admin import claims, divisions, figures, parks, places
from districts.admin.figures import ObservationInline

__all__ = ["ObservationInline", "claims", "divisions", "figures", "parks", "places"]
