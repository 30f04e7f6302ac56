"""What the faces answer that are no rows: groups, facets, hits, versions, plans, and the evidence of a row."""

TEXT = {"type": "string"}
WHOLE_NUMBER = {"type": "integer", "minimum": 0}
TRUTH = {"type": "boolean"}
LINK = {"type": ["string", "null"], "format": "uri"}
ANYTHING = {"description": "As the field’s own schema says; null where nothing is stated."}


def strict(properties, optional=()):
    """An object with just these properties."""
    required = [name for name in properties if name not in optional]
    return {
        "type": "object",
        "additionalProperties": False,
        **({"required": required} if required else {}),
        "properties": properties,
    }


def list_of(items):
    return {"type": "array", "items": items}


def describe(schema, description):
    return schema | {"description": description}


def by_name(values):
    return {"type": "object", "additionalProperties": values}


def page_of(items, **properties):
    return strict(
        {
            **properties,
            "count": {"type": ["integer", "null"], "minimum": 0},
            "count_is": {"type": "string", "enum": ["exact", "at_least", "not_counted"]},
            "next": LINK,
            "previous": LINK,
            "results": list_of(items),
        }
    )


EVIDENCE = {
    "description": "By field, the words that state its value, in order. Told on request.",
    **by_name(
        list_of(
            strict(
                {
                    "position": WHOLE_NUMBER,
                    "quote": TEXT,
                    "value": TEXT,
                    "basis": {
                        "type": "string",
                        "enum": ["stated", "inferred", "reported", "reference"],
                    },
                    "note": TEXT,
                    "passage": {"type": ["string", "null"]},
                    "start": {"type": ["integer", "null"], "minimum": 0},
                }
            )
        )
    ),
}

DIFFERENCE = strict({"field": TEXT, "before": ANYTHING, "after": ANYTHING})

PLAN = strict(
    {
        "created": WHOLE_NUMBER,
        "changed": WHOLE_NUMBER,
        "unchanged": WHOLE_NUMBER,
        "results": list_of(
            strict(
                {
                    "row": WHOLE_NUMBER,
                    "code": TEXT,
                    "id": WHOLE_NUMBER,
                    "outcome": {"type": "string", "enum": ["created", "changed", "unchanged"]},
                    "version": WHOLE_NUMBER,
                    "etag": TEXT,
                    "changes": list_of(DIFFERENCE),
                },
                optional=("code", "id"),
            )
        ),
    }
)

VERSION = strict(
    {
        "version": WHOLE_NUMBER,
        "kind": {"type": "string", "enum": ["created", "changed", "deleted"]},
        "at": {"type": "string", "format": "date-time"},
        "reason": TEXT,
        "request_id": TEXT,
        "actor": {"type": ["string", "null"]},
        "changes": list_of(DIFFERENCE),
    },
    optional=("reason", "request_id", "actor"),
)

CHANGES = strict(
    {
        "since": TEXT | {"description": "Where to go on, now or later."},
        "next": LINK | {"description": "Null where nothing follows as yet."},
        "results": list_of(
            strict(
                {
                    "number": WHOLE_NUMBER,
                    "at": {"type": "string", "format": "date-time"},
                    "kind": {"type": "string", "enum": ["created", "changed", "removed"]},
                    "type": TEXT,
                    "resource": TEXT,
                    "code": {"type": ["string", "integer"]},
                    "version": WHOLE_NUMBER,
                    "url": {"type": "string", "format": "uri"},
                    "record": {
                        "type": ["object", "null"],
                        "description": "What the row states now; null where it is seen no more under this code.",
                    },
                },
                optional=("record",),
            )
        ),
    }
)

FIGURE = strict(
    {
        "stated": WHOLE_NUMBER,
        "not_stated": WHOLE_NUMBER,
        "unit": {"type": ["string", "null"]},
        "sum": {"type": ["number", "null"]},
        "avg": {"type": ["number", "null"]},
        "min": {"type": ["number", "string", "null"]},
        "max": {"type": ["number", "string", "null"]},
        "sum_low": {"type": ["number", "null"]},
        "sum_high": {"type": ["number", "null"]},
        "low_open": TRUTH,
        "high_open": TRUTH,
        "parts_left_out": WHOLE_NUMBER,
    },
    optional=(
        *("sum", "avg", "min", "max"),
        *("sum_low", "sum_high", "low_open", "high_open", "parts_left_out"),
    ),
)
VALUE = {"type": ["string", "number", "boolean", "null"]}

GROUPS = strict(
    {
        "count": WHOLE_NUMBER | {"description": "Groups."},
        "rows": WHOLE_NUMBER | {"description": "Rows in them; a row may be in several groups."},
        "more": TRUTH,
        "total": strict({"count": WHOLE_NUMBER, "figures": by_name(FIGURE)}),
        "results": list_of(
            strict({"group": by_name(VALUE), "count": WHOLE_NUMBER, "figures": by_name(FIGURE)})
        ),
    }
)

FACETS = strict(
    {
        "rows": WHOLE_NUMBER,
        "facets": by_name(
            strict(
                {
                    "values": list_of(
                        strict(
                            {
                                "value": VALUE,
                                "label": TEXT,
                                "count": WHOLE_NUMBER,
                                "is_selected": TRUTH,
                                "url": {"type": "string", "format": "uri"},
                            }
                        )
                    ),
                    "more": TRUTH,
                }
            )
        ),
    }
)

HIT = strict(
    {
        "type": TEXT,
        "resource": TEXT,
        "code": TEXT,
        "title": TEXT,
        "url": {"type": "string", "format": "uri"},
        "score": WHOLE_NUMBER,
        "matched": describe(
            list_of(TEXT), "The words that it meets; a name and what so named is are two."
        ),
        "highlights": list_of(
            strict(
                {
                    "field": TEXT,
                    "text": TEXT,
                    "marks": list_of(
                        {"type": "array", "items": WHOLE_NUMBER, "minItems": 2, "maxItems": 2}
                    ),
                }
            )
        ),
    }
)

DELETED = strict({"deleted": WHOLE_NUMBER, "codes": list_of({"type": ["string", "integer"]})})

VERSION_TO_RESTORE = strict(
    {
        "version": {
            "type": "integer",
            "minimum": 1,
            "description": "Needed but where the record is deleted, whose last version comes back.",
        }
    },
    optional=("version",),
)

SCHEMAS = {
    "Groups": GROUPS,
    "Facets": FACETS,
    "Hits": page_of(
        HIT,
        words=describe(list_of(TEXT), "The words that were searched for, as they are compared."),
        match=describe(
            {"type": "string", "enum": ["all", "some", "none"]},
            "Whether each hit meets all words or, since none does, some of them.",
        ),
    ),
    "Versions": page_of(VERSION),
    "Changes": CHANGES,
    "Plan": PLAN,
    "Deleted": DELETED,
    "Evidence": EVIDENCE,
    "VersionToRestore": VERSION_TO_RESTORE,
}
