from districts.models.divisions import District
from districts.models.figures import DeclaredCount, Indicator, Observation
from districts.models.parks import BuildingGroup, Garden, IndustrialPark, Park
from districts.models.places import Place, PlaceRole

__all__ = [
    "BuildingGroup",
    "DeclaredCount",
    "District",
    "Garden",
    "Indicator",
    "IndustrialPark",
    "Observation",
    "Park",
    "Place",
    "PlaceRole",
]
