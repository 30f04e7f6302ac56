"""Who may make a record seen by everybody, or take it back."""

PERMISSION = "shuangta.publish"


def may_publish(user):
    return user.has_perm(PERMISSION)
