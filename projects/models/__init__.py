from projects.models.enterprises import Enterprise, Sector
from projects.models.projects import Participation, Project

__all__ = ["Enterprise", "Participation", "Project", "Sector"]
