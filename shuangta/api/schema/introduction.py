"""What the documentation begins with, in the reader’s language: title, token, grammar of filters, three examples."""

from django.utils.translation import gettext as _

QUESTIONS = (
    "/api/v1/projects/?total_investment__gte=50000000&ordering=-total_investment&fields=name,total_investment",
    "/api/v1/projects/aggregate/?group_by=stage&sum=total_investment",
)
WRITE = """curl -X PATCH 'https://REGISTRY/api/v1/parks/CODE/?dry_run=true' \\
  -H 'Authorization: Token …' -H 'Content-Type: application/json' -d '{"area": 2840}'"""


def introduce(result, generator, request, public):
    """Put the title and the introduction before the operations (a hook of drf-spectacular)."""
    result["info"]["title"] = _("Shuangta registry")
    result["info"]["description"] = "\n\n".join([*about(), *token(), *grammar(), *examples()])
    return result


def about():
    return [
        _(
            "What a district is building, who runs it and what it counts, with the words each value came from. "
            "Anybody may read what is published."
        )
    ]


def token():
    return [
        "## " + _("A token"),
        _(
            "Writing needs a token. An administrator makes one in the admin under *Registry → API tokens*, or by "
            "`manage.py issue_token USER NAME`. Send it as `Authorization: Token …`; above the operations, "
            "*Authorize* takes the same words."
        ),
    ]


def grammar():
    return [
        "## " + _("Filters"),
        _(
            "A filter is a field, or a field, two underscores and a lookup: `in` `not` `gt` `gte` `lt` `lte` "
            "`isnull` `contains` `startswith`. Relations are named by code (`district=211302`), what belongs to a "
            "division by `district__within=211300`, and a field of a related record by its path "
            "(`industrial_park__theme=…`)."
        ),
        _(
            "A list is divided by commas, or its parameter is given once for each value: `stage__in=signed,completed` "
            "is `stage__in=signed&stage__in=completed`. Filters all hold together. What is not known or not valid is "
            "refused with the nearest valid name, and nothing is ignored."
        ),
        _(
            "Lists come in pages; follow `next`. `format=csv`, `xlsx` or `ndjson`, or the header `Accept`, gives all "
            "rows as one file."
        ),
    ]


def examples():
    amount, stages = QUESTIONS
    return [
        "## " + _("Three examples"),
        _("Projects of at least 50 million yuan, the largest first:"),
        f"[`GET {amount}`]({amount})",
        _("How much is to be invested, by stage:"),
        f"[`GET {stages}`]({stages})",
        _("What a change would do, without making it:"),
        f"```sh\n{WRITE}\n```",
    ]
