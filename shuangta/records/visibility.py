"""Who may make a record seen by everybody, or take it back; and who sees those that not everybody does."""

PERMISSION = "shuangta.publish"


def may_publish(user):
    return user.has_perm(PERMISSION)


def may_view(user, model):
    """Whether the user sees the records of a model that are not published too."""
    return user.has_perm(view_permission(model))


def view_permission(model):
    return f"{model._meta.app_label}.view_{model._meta.model_name}"
