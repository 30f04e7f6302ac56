"""What Django and other packages have in Chinese, but wrong, stiff or in the other script.

Our words, in the catalog of the project, come before theirs.
"""

REWORDED = frozenset(
    [
        " By %(filter_title)s ",
        "%(app)s administration",
        (
            "%(count)s %(name)s was changed successfully.",
            "%(count)s %(name)s were changed successfully.",
        ),
        (
            "%(counter)s result",
            "%(counter)s results",
        ),
        "%(full_result_count)s total",
        "%(model)s instance with %(field)s %(value)r is not a valid choice.",
        "%(model_name)s with this %(field_label)s already exists.",
        "%(model_name)s with this %(field_labels)s already exists.",
        "%(name)s with ID “%(key)s” doesn’t exist. Perhaps it was deleted?",
        (
            "%(total_count)s selected",
            "All %(total_count)s selected",
        ),
        "0 of %(cnt)s selected",
        "Add %(name)s",
        "Add %s",
        "Add another %(model)s",
        "Add another %(verbose_name)s",
        (
            'Are you sure you want to delete the %(object_name)s "%(escaped_object)s"? All of the '
            "following related items will be deleted:"
        ),
        (
            "Are you sure you want to delete the selected %(objects_name)s? All of the following "
            "objects and their related items will be deleted:"
        ),
        "Are you sure?",
        "Authentication and Authorization",
        "Cannot delete %(name)s",
        "Change %s",
        "Click here to select the objects across all pages",
        "Date has wrong format. Use one of these formats instead: {format}.",
        "Delete multiple objects",
        "Delete selected %(model)s",
        "Delete selected %(verbose_name_plural)s",
        (
            "Deleting the %(object_name)s '%(escaped_object)s' would require deleting the "
            "following protected related objects:"
        ),
        (
            "Deleting the %(object_name)s '%(escaped_object)s' would result in deleting related "
            "objects, but your account doesn't have permission to delete the following types of "
            "objects:"
        ),
        (
            "Deleting the selected %(objects_name)s would require deleting the following protected"
            " related objects:"
        ),
        (
            "Deleting the selected %(objects_name)s would result in deleting related objects, but "
            "your account doesn't have permission to delete the following types of objects:"
        ),
        "Ensure that there are no more than {max_decimal_places} decimal places.",
        "Ensure that there are no more than {max_digits} digits in total.",
        "Ensure that there are no more than {max_whole_digits} digits before the decimal point.",
        "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.",
        "Error:",
        "Filters",
        (
            "ManagementForm data is missing or has been tampered with. Missing fields: "
            "%(field_names)s. You may need to file a bug report if the issue persists."
        ),
        "Invalid token header. No credentials provided.",
        "Invalid token header. Token string should not contain invalid characters.",
        "Invalid token header. Token string should not contain spaces.",
        "Models in the %(name)s application",
        "Must be a valid boolean.",
        "Not a valid string.",
        "Null characters are not allowed.",
        "Objects",
        "Please correct the duplicate values below.",
        (
            "Please enter the correct %(username)s and password for a staff account. Note that "
            "both fields may be case-sensitive."
        ),
        (
            "Please enter your old password, for security’s sake, and then enter your new password"
            " twice so we can verify you typed it in correctly."
        ),
        "Select %s",
        "Select %s to change",
        "Select %s to view",
        "Select all %(total_count)s %(module_name)s",
        "Select all objects on this page for an action",
        "Select this object for an action - {}",
        "Successfully deleted %(count)d %(items)s.",
        "Surrogate characters are not allowed: U+{code_point:X}.",
        "The %(name)s “%(obj)s” was deleted successfully.",
        "The password is too similar to the %(verbose_name)s.",
        "The {name} “{obj}” was added successfully.",
        "The {name} “{obj}” was added successfully. You may add another {name} below.",
        "The {name} “{obj}” was added successfully. You may edit it again below.",
        "The {name} “{obj}” was changed successfully.",
        "The {name} “{obj}” was changed successfully. You may add another {name} below.",
        "The {name} “{obj}” was changed successfully. You may edit it again below.",
        (
            "This object doesn’t have a change history. It probably wasn’t added via this admin "
            "site."
        ),
        "This field may not be blank.",
        "View %s",
        "You may edit it again below.",
        "You don’t have permission to view or edit anything.",
        "Your old password was entered incorrectly. Please enter it again.",
        "Your password can’t be a commonly used password.",
        "Your password can’t be too similar to your other personal information.",
        (
            "Your password must contain at least %(min_length)d character.",
            "Your password must contain at least %(min_length)d characters.",
        ),
        "Your password was changed.",
        "group",
        "groups",
    ]
)
