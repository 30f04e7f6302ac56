"""One factory for each model: the least that a row needs or, with ``filled=True``, every column stated.

What a factory makes is published, as readers meet it; nothing that it makes has a source.
"""

from datetime import date
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from factory import LazyAttribute, SelfAttribute, Sequence, SubFactory, Trait
from factory.django import DjangoModelFactory

from districts.models import (
    BuildingGroup,
    DeclaredCount,
    District,
    Garden,
    Indicator,
    IndustrialPark,
    Observation,
    Park,
    Place,
    PlaceRole,
)
from governance.models import (
    Department,
    Grid,
    Initiative,
    JobFair,
    Measure,
    Platform,
    PlatformFunction,
    PolicyDocument,
    ServiceArea,
    ServiceHall,
    ServiceItem,
    VolunteerCategory,
    VolunteerTeam,
    Window,
    WorkingGroup,
    WorkingGroupMember,
)
from projects.models import Enterprise, Participation, Project, Sector
from seeds.models import Article, Citation, Document, Passage
from shuangta.records.models import Progress

WORDS = "示例區啟動建設示例倉庫，總投資3000萬元。"

NOTED = {"note": "A note."}
NAMED = NOTED | {"name_en": "Example", "aliases": "例\n示例之一"}


def type_of(row):
    return ContentType.objects.get_for_model(row)


class EntryFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    class Params:
        filled = Trait(**NOTED)

    is_published = True


class RecordFactory(EntryFactory):
    class Meta:
        abstract = True

    class Params:
        filled = Trait(**NAMED)

    name = Sequence("示例{}".format)


# seeds


class DocumentFactory(EntryFactory):
    class Meta:
        model = Document

    class Params:
        filled = Trait(**NOTED, publisher="示例日报", published_on_latest=date(2021, 5, 14))

    code = Sequence("page-{}".format)
    title = Sequence("示例版{}".format)
    kind = Document.Kind.NEWSPAPER_PAGE
    published_on = date(2021, 5, 13)
    rights = "版权属于原刊。"
    text = WORDS


class ArticleFactory(EntryFactory):
    class Meta:
        model = Article

    class Params:
        filled = Trait(
            **NOTED,
            parent=SubFactory(
                "tests.factories.ArticleFactory", document=SelfAttribute("..document")
            ),
            headline="示例標題",
            byline="本报记者",
        )

    code = Sequence("article-{}".format)
    document = SubFactory(DocumentFactory)
    position = Sequence(int)
    kind = Article.Kind.FEATURE


class PassageFactory(EntryFactory):
    class Meta:
        model = Passage

    class Params:
        filled = Trait(
            **NOTED,
            continued_by=SubFactory(
                "tests.factories.PassageFactory", article=SelfAttribute("..article")
            ),
        )

    code = Sequence("passage-{}".format)
    article = SubFactory(ArticleFactory)
    position = Sequence(int)
    kind = Passage.Kind.BODY
    text = WORDS
    start = 0


# districts


class DistrictFactory(RecordFactory):
    class Meta:
        model = District

    class Params:
        filled = Trait(
            **NAMED,
            parent=SubFactory("tests.factories.DistrictFactory", level=District.Level.PROVINCE),
            valid_from=date(1984, 1, 1),
            valid_until=date(2020, 12, 31),
            replaced_by=SubFactory("tests.factories.DistrictFactory"),
        )

    code = Sequence(lambda number: str(980001 + number))
    level = District.Level.COUNTY


class CitationFactory(DjangoModelFactory):
    """By default the words that state the name of a district."""

    class Meta:
        model = Citation

    class Params:
        about = SubFactory(DistrictFactory)
        filled = Trait(note="A note.")

    record_type = LazyAttribute(lambda citation: type_of(citation.about))
    record = LazyAttribute(lambda citation: citation.about.pk)
    field = "name"
    position = Sequence(lambda number: number + 1)
    passage = SubFactory(PassageFactory)
    quote = "示例"
    value = "示例"


class PlaceFactory(RecordFactory):
    class Meta:
        model = Place

    class Params:
        filled = Trait(
            **NAMED,
            within=SubFactory("tests.factories.PlaceFactory"),
            goal="区域商业中心",
            floor_area=Decimal("15000.5"),
            state=Progress.PLANNED,
        )

    code = Sequence("place-{}".format)
    district = SubFactory(DistrictFactory)
    kind = Place.Kind.STREET


class PlaceRoleFactory(EntryFactory):
    class Meta:
        model = PlaceRole

    class Params:
        filled = Trait(**NOTED, status=Progress.TRIAL)

    code = Sequence("place-role-{}".format)
    place = SubFactory(PlaceFactory)
    role = PlaceRole.Role.VENUE


class ParkFactory(RecordFactory):
    class Meta:
        model = Park

    class Params:
        filled = Trait(
            **NAMED,
            area=Decimal(120_000),
            opened_on=date(2021, 5, 1),
            opened_on_latest=date(2021, 5, 31),
            former_use="棚户区",
        )

    code = Sequence("park-{}".format)
    district = SubFactory(DistrictFactory)


class GardenFactory(RecordFactory):
    class Meta:
        model = Garden

    code = Sequence("garden-{}".format)
    park = SubFactory(ParkFactory)
    position = Sequence(int)


class IndustrialParkFactory(RecordFactory):
    class Meta:
        model = IndustrialPark

    class Params:
        filled = Trait(
            **NAMED,
            district=SubFactory(DistrictFactory),
            theme="电子信息",
            floor_area=Decimal(74_000),
            goal="产业集聚区",
        )

    code = Sequence("industrial-park-{}".format)


class BuildingGroupFactory(EntryFactory):
    class Meta:
        model = BuildingGroup

    class Params:
        filled = Trait(**NOTED, count=22, works_state=Progress.COMPLETED)

    code = Sequence("building-group-{}".format)
    industrial_park = SubFactory(IndustrialParkFactory)
    kind = BuildingGroup.Kind.STANDARD_FACTORY


class IndicatorFactory(RecordFactory):
    class Meta:
        model = Indicator

    code = Sequence("indicator-{}".format)
    unit = "个"
    kind = Indicator.Kind.COUNT


class ObservationFactory(EntryFactory):
    """By default a count of one thing in a district, without a period."""

    class Meta:
        model = Observation

    class Params:
        about = SubFactory(DistrictFactory)
        filled = Trait(
            **NOTED,
            period_start=date(2020, 1, 1),
            period_end=date(2020, 12, 31),
            period_label="2020年",
            high=Decimal(1),
            low_open=False,
            high_open=False,
            approximate=False,
            part_of=SubFactory("tests.factories.ObservationFactory"),
        )

    code = Sequence("observation-{}".format)
    indicator = SubFactory(IndicatorFactory)
    subject_type = LazyAttribute(lambda observation: type_of(observation.about))
    subject = LazyAttribute(lambda observation: observation.about.pk)
    low = Decimal(1)
    wording = "1个"
    status = Observation.Status.ACTUAL


class DeclaredCountFactory(EntryFactory):
    """By default a district declares one project."""

    class Meta:
        model = DeclaredCount

    class Params:
        filled = Trait(
            **NOTED,
            query=LazyAttribute(lambda claim: f"district={claim.observation.subject}"),
        )

    code = Sequence("declared-count-{}".format)
    observation = SubFactory(ObservationFactory)
    resource = "projects"


# projects


class SectorFactory(RecordFactory):
    class Meta:
        model = Sector

    class Params:
        filled = Trait(**NAMED, parent=SubFactory("tests.factories.SectorFactory"))

    code = Sequence("sector-{}".format)


class EnterpriseFactory(RecordFactory):
    class Meta:
        model = Enterprise

    class Params:
        filled = Trait(
            **NAMED,
            district=SubFactory(DistrictFactory),
            uscc=Sequence("91211300MA{:08}".format),
            industrial_park=SubFactory(IndustrialParkFactory),
            is_leading_firm=True,
        )

    code = Sequence("enterprise-{}".format)
    kind = Enterprise.Kind.COMPANY


class ProjectFactory(RecordFactory):
    class Meta:
        model = Project

    class Params:
        filled = Trait(
            **NAMED,
            place=SubFactory(PlaceFactory),
            park=SubFactory(ParkFactory),
            industrial_park=SubFactory(IndustrialParkFactory),
            part_of=SubFactory("tests.factories.ProjectFactory"),
            stage=Project.Stage.COMPLETED,
            total_investment=Decimal("30000000.5"),
            started_on=date(2020, 1, 1),
            started_on_latest=date(2020, 1, 31),
            completed_on=date(2021, 5, 1),
            completed_on_latest=date(2021, 5, 31),
            project_code=Sequence("2101-211302-04-01-{:06}".format),
        )

    code = Sequence("project-{}".format)
    district = SubFactory(DistrictFactory)
    kind = Project.Kind.CONSTRUCTION


class ParticipationFactory(EntryFactory):
    class Meta:
        model = Participation

    class Params:
        filled = Trait(**NOTED, status=Progress.IN_OPERATION)

    code = Sequence("participation-{}".format)
    project = SubFactory(ProjectFactory)
    enterprise = SubFactory(EnterpriseFactory)
    role = Participation.Role.OWNER


# governance


class DepartmentFactory(RecordFactory):
    class Meta:
        model = Department

    class Params:
        filled = Trait(**NAMED, official_name="示例区教育局", in_grid_management=True)

    code = Sequence("department-{}".format)
    district = SubFactory(DistrictFactory)


class ServiceItemFactory(RecordFactory):
    class Meta:
        model = ServiceItem

    class Params:
        filled = Trait(**NAMED, in_grid_management=True)

    code = Sequence("service-item-{}".format)
    department = SubFactory(DepartmentFactory)


class PlatformFactory(RecordFactory):
    class Meta:
        model = Platform

    class Params:
        filled = Trait(
            **NAMED,
            operator=SubFactory(DepartmentFactory),
            launched_on=date(2020, 9, 21),
            launched_on_latest=date(2020, 9, 30),
            state=Progress.IN_OPERATION,
        )

    code = Sequence("platform-{}".format)
    district = SubFactory(DistrictFactory)
    kind = Platform.Kind.GRID_MANAGEMENT


class PlatformFunctionFactory(RecordFactory):
    class Meta:
        model = PlatformFunction

    code = Sequence("platform-function-{}".format)
    platform = SubFactory(PlatformFactory)
    position = Sequence(int)
    kind = PlatformFunction.Kind.SYSTEM


class GridFactory(RecordFactory):
    class Meta:
        model = Grid

    class Params:
        filled = Trait(**NAMED, parent=SubFactory("tests.factories.GridFactory"))

    code = Sequence("grid-{}".format)
    district = SubFactory(DistrictFactory)


class ServiceHallFactory(RecordFactory):
    class Meta:
        model = ServiceHall

    class Params:
        filled = Trait(**NAMED, opened_on=date(2020, 9, 1), opened_on_latest=date(2020, 9, 30))

    code = Sequence("service-hall-{}".format)
    district = SubFactory(DistrictFactory)


class ServiceAreaFactory(RecordFactory):
    class Meta:
        model = ServiceArea

    code = Sequence("service-area-{}".format)
    hall = SubFactory(ServiceHallFactory)
    position = Sequence(int)


class WindowFactory(EntryFactory):
    class Meta:
        model = Window

    class Params:
        filled = Trait(**NOTED, department=SubFactory(DepartmentFactory))

    code = Sequence("window-{}".format)
    area = SubFactory(ServiceAreaFactory)
    number = Sequence(str)


class InitiativeFactory(RecordFactory):
    class Meta:
        model = Initiative

    class Params:
        filled = Trait(
            **NAMED,
            parent=SubFactory("tests.factories.InitiativeFactory"),
            position=1,
            goal="办事方便",
            period_start=date(2021, 1, 1),
            period_end=date(2025, 12, 31),
            status=Progress.UNDER_WAY,
        )

    code = Sequence("initiative-{}".format)
    district = SubFactory(DistrictFactory)
    kind = Initiative.Kind.CAMPAIGN


class MeasureFactory(RecordFactory):
    class Meta:
        model = Measure

    class Params:
        filled = Trait(
            **NAMED,
            parent=SubFactory(
                "tests.factories.MeasureFactory", initiative=SelfAttribute("..initiative")
            ),
            status=Progress.UNDER_WAY,
        )

    code = Sequence("measure-{}".format)
    initiative = SubFactory(InitiativeFactory)
    position = Sequence(int)
    kind = Measure.Kind.STEP


class PolicyDocumentFactory(RecordFactory):
    class Meta:
        model = PolicyDocument

    class Params:
        filled = Trait(
            **NAMED,
            issuer=SubFactory(DepartmentFactory),
            initiative=SubFactory(InitiativeFactory),
            issued_on=date(2021, 1, 1),
            issued_on_latest=date(2021, 1, 31),
        )

    code = Sequence("policy-document-{}".format)
    district = SubFactory(DistrictFactory)
    kind = PolicyDocument.Kind.PLAN


class WorkingGroupFactory(RecordFactory):
    class Meta:
        model = WorkingGroup

    class Params:
        filled = Trait(
            **NAMED, initiative=SubFactory(InitiativeFactory), status=Progress.IN_OPERATION
        )

    code = Sequence("working-group-{}".format)
    district = SubFactory(DistrictFactory)


class WorkingGroupMemberFactory(EntryFactory):
    class Meta:
        model = WorkingGroupMember

    code = Sequence("working-group-member-{}".format)
    working_group = SubFactory(WorkingGroupFactory)
    office = Sequence("示例办公室{}".format)
    role = WorkingGroupMember.Role.LEADER


class JobFairFactory(RecordFactory):
    class Meta:
        model = JobFair

    class Params:
        filled = Trait(
            **NAMED,
            organiser=SubFactory(DepartmentFactory),
            initiative=SubFactory(InitiativeFactory),
            platform=SubFactory(PlatformFactory),
            starts_on=date(2021, 3, 1),
            starts_on_latest=date(2021, 3, 31),
            ends_on=date(2021, 4, 1),
            ends_on_latest=date(2021, 4, 30),
            sessions=5,
            employers=120,
            posts=2800,
            intentions=600,
        )

    code = Sequence("job-fair-{}".format)
    district = SubFactory(DistrictFactory)
    mode = JobFair.Mode.ON_SITE


class VolunteerCategoryFactory(RecordFactory):
    class Meta:
        model = VolunteerCategory

    code = Sequence("volunteer-category-{}".format)


class VolunteerTeamFactory(RecordFactory):
    class Meta:
        model = VolunteerTeam

    class Params:
        filled = Trait(
            **NAMED,
            category=SubFactory(VolunteerCategoryFactory),
            department=SubFactory(DepartmentFactory),
            member_count=40,
        )

    code = Sequence("volunteer-team-{}".format)
    district = SubFactory(DistrictFactory)


FACTORIES = [
    DocumentFactory,
    ArticleFactory,
    PassageFactory,
    DistrictFactory,
    CitationFactory,
    PlaceFactory,
    PlaceRoleFactory,
    ParkFactory,
    GardenFactory,
    IndustrialParkFactory,
    BuildingGroupFactory,
    IndicatorFactory,
    ObservationFactory,
    DeclaredCountFactory,
    SectorFactory,
    EnterpriseFactory,
    ProjectFactory,
    ParticipationFactory,
    DepartmentFactory,
    ServiceItemFactory,
    PlatformFactory,
    PlatformFunctionFactory,
    GridFactory,
    ServiceHallFactory,
    ServiceAreaFactory,
    WindowFactory,
    InitiativeFactory,
    MeasureFactory,
    PolicyDocumentFactory,
    WorkingGroupFactory,
    WorkingGroupMemberFactory,
    JobFairFactory,
    VolunteerCategoryFactory,
    VolunteerTeamFactory,
]


def factory_of(model):
    return next(each for each in FACTORIES if each._meta.model is model)


def make(model, **values):
    """A row of the model, with the least that it needs besides these values."""
    return factory_of(model)(**values)


def make_filled(model, **values):
    """A row of the model in which every column states something and every relation names a record."""
    row = factory_of(model)(filled=True, **values)
    for field in model._meta.many_to_many:
        getattr(row, field.name).set([make(field.related_model)])
    return row
