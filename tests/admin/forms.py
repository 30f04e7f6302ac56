"""What a browser does with the forms of the admin."""

import re
from html.parser import HTMLParser

from django.urls import reverse


def url(record, page="change", *more):
    """The address of one of a record's pages."""
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=[record.pk, *more])


def opened(client, address):
    """What a browser would send if the form at the address were saved as it is."""
    return sent_by(client.get(address))


def confirmed(client, address):
    """The answer to the one press that a page which shows what would be done asks for."""
    return client.post(address, opened(client, address))


def sent_by(response):
    """What a browser would send if the form of this page were saved as it is."""
    controls = Controls()
    controls.feed(response.content.decode())
    return controls.sent


class Controls(HTMLParser):
    """Reads what the controls of a record's form hold; a browser sends nothing else."""

    def __init__(self):
        super().__init__()
        self.sent = {}
        self.inside = False
        self.select = self.textarea = None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.inside = attrs.get("id", "").endswith("_form")
        elif not self.inside:
            return
        elif tag == "input":
            self.take_input(attrs)
        elif tag == "textarea":
            self.textarea = attrs["name"]
            self.sent[self.textarea] = ""
        elif tag == "select":
            self.select = attrs
            if "multiple" in attrs:
                self.sent[attrs["name"]] = []
        elif tag == "option":
            self.take_option(attrs)

    def take_input(self, attrs):
        if attrs["type"] in ("checkbox", "radio"):
            if "checked" in attrs:
                self.sent[attrs["name"]] = attrs.get("value", "on")
        elif attrs["type"] != "submit":
            self.sent[attrs["name"]] = attrs.get("value", "")

    def take_option(self, attrs):
        name = self.select["name"]
        if "multiple" in self.select:
            self.sent[name] += [attrs["value"]] if "selected" in attrs else []
        elif "selected" in attrs or name not in self.sent:
            self.sent[name] = attrs["value"]

    def handle_data(self, data):
        if self.textarea:
            self.sent[self.textarea] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self.textarea:
            # The line end after the opening tag belongs to the markup.
            self.sent[self.textarea] = self.sent[self.textarea].removeprefix("\n")
            self.textarea = None


def with_row(data, prefix, **row):
    """The same with one more row in the table below the record."""
    number = int(data[f"{prefix}-TOTAL_FORMS"])
    row = {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return {**data, **row, f"{prefix}-TOTAL_FORMS": number + 1}


def errors_of(response):
    """Everything that the page finds wrong with what was typed."""
    found = response.context["errors"]
    return [error for each in found for error in ([each] if isinstance(each, str) else each)]


def plain_text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))
