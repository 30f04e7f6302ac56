"""What the figures of a list come to together, in words."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.figures.aggregates import ValueFigure
from districts.models import Observation
from shuangta.admin.totals import Total, compute_total
from shuangta.text.quantities import format_amount


def total_of_observations(rows, user):
    """The total of figures of one indicator and one status."""
    figure = ValueFigure(user)
    group = compute_total(rows, [figure])
    count, parts = group["group_size"], group["group_size"] - group[figure.alias("summed")]
    words = bounds_in_words(figure, group)
    remarks = [ngettext("%(count)s figure", "%(count)s figures", count) % {"count": count}]
    if parts:
        message = ngettext(
            "%(count)s is contained in another and left out",
            "%(count)s are contained in others and left out",
            parts,
        )
        remarks.append(message % {"count": parts})
    if not words:
        remarks.append(_("No bound is stated by all of them."))
    return Total(capfirst(Observation._meta.verbose_name_plural), words, remarks)


def bounds_in_words(figure, group):
    """Between the sum of the lower bounds and that of the upper ones; a bound that one does not state is none."""
    unit = group[figure.alias("unit")]
    lower, upper = (
        (bound.total(group), group[bound.alias("opened")] > 0) for bound in figure.bounds.values()
    )
    if lower == upper and lower[0] is not None and not lower[1]:
        return format_amount(lower[0], unit)
    worded = [
        (message_open if is_open else message) % {"amount": format_amount(total, unit)}
        for (total, is_open), message, message_open in (
            (lower, _("at least %(amount)s"), _("more than %(amount)s")),
            (upper, _("at most %(amount)s"), _("less than %(amount)s")),
        )
        if total is not None
    ]
    if len(worded) < 2:
        return "".join(worded)
    return _("%(lower)s, %(upper)s") % {"lower": worded[0], "upper": worded[1]}
