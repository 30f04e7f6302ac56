"""The catalogs are complete, in step with the source, and hold what the language is asked for."""

import gettext
import io
import shutil

import pytest
from django.conf import settings as registry
from django.core.management import CommandError, call_command
from django.utils import translation

from shuangta.operations import translations

COMMITTED = registry.LOCALE_PATHS[0]


@pytest.fixture
def folder(settings, tmp_path):
    """A copy of the catalogs, to be spoilt."""
    copy = tmp_path / "locale"
    shutil.copytree(COMMITTED, copy)
    settings.LOCALE_PATHS = [copy]
    return copy


def run_translations(**options):
    out = io.StringIO()
    call_command("translations", stdout=out, **options)
    return out.getvalue().splitlines()


def faults(capsys):
    with pytest.raises(CommandError) as error:
        call_command("translations", check=True)
    found = capsys.readouterr().out.splitlines()
    assert str(error.value) == f"Left to see to: {len(found)}."
    return found


def replace(folder, old, new):
    path = folder / "zh_Hans" / "LC_MESSAGES" / "django.po"
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def files(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("django.*")}


def test_every_message_is_translated_and_every_file_is_in_step():
    (line,) = run_translations(check=True)

    assert line.endswith(" messages.")


def test_a_run_writes_again_what_is_there(folder):
    before = files(folder)

    run_translations()

    assert files(folder) == before
    assert sorted(map(str, before)) == [
        f"{locale}/LC_MESSAGES/django.{suffix}"
        for locale in ("zh_Hans", "zh_Hant")
        for suffix in ("mo", "po")
    ]


def test_a_message_that_is_missing_is_found_and_added(folder, capsys):
    replace(folder, 'msgid "Night-economy belt"\nmsgstr "夜经济带"\n\n', "")

    assert "Not translated: Night-economy belt" in faults(capsys)

    run_translations()
    assert "Not translated: Night-economy belt" in faults(capsys)
    replace(
        folder,
        'msgid "Night-economy belt"\nmsgstr ""',
        'msgid "Night-economy belt"\nmsgstr "夜经济带"',
    )
    assert "Not translated: Night-economy belt" not in run_translations()


def test_a_message_that_nothing_uses_is_found_and_dropped(folder, capsys):
    replace(
        folder,
        'msgid "Night-economy belt"',
        'msgid "Day-economy belt"\nmsgstr "日经济带"\n\nmsgid "Night-economy belt"',
    )

    assert "No longer used: Day-economy belt" in faults(capsys)

    run_translations()
    assert catalog(folder, "zh_Hans").gettext("Day-economy belt") == "Day-economy belt"
    assert "No longer used: Day-economy belt" not in run_translations()


def test_a_translation_that_is_not_certain_is_found_and_not_compiled(folder, capsys):
    replace(folder, 'msgid "Night-economy belt"', '#, fuzzy\nmsgid "Night-economy belt"')

    run_translations()

    assert "Not certain (fuzzy): Night-economy belt" in faults(capsys)
    assert catalog(folder, "zh_Hans").gettext("Night-economy belt") == "Night-economy belt"
    assert catalog(folder, "zh_Hant").gettext("Night-economy belt") == "Night-economy belt"


def test_a_translation_with_another_placeholder_is_found(folder, capsys):
    replace(folder, '"是否恢复第 %(version)s 版？"', '"是否恢复第 %(number)s 版？"')

    assert any(fault.endswith(": Restore version %(version)s?") for fault in faults(capsys))


def test_a_catalog_that_was_not_compiled_is_found(folder, capsys):
    run_translations()
    replace(folder, '"夜经济带"', '"夜市带"')

    assert [fault for fault in faults(capsys) if fault.startswith("Not as")] == [
        f"Not as make messages writes it: {folder}/{path}"
        for path in (
            "zh_Hans/LC_MESSAGES/django.mo",
            "zh_Hant/LC_MESSAGES/django.po",
            "zh_Hant/LC_MESSAGES/django.mo",
        )
    ]


def catalog(folder, locale):
    return gettext.translation("django", folder, [locale])


def test_traditional_chinese_keeps_the_words_of_the_page():
    simplified, traditional = (catalog(COMMITTED, locale) for locale in ("zh_Hans", "zh_Hant"))

    words = ["project", "window", "grid", "is published", "Mechanism"]
    assert [simplified.gettext(word) for word in words] == [
        "项目", "窗口", "网格", "已发布", "机制",
    ]  # fmt: skip
    assert [traditional.gettext(word) for word in words] == [
        "項目", "窗口", "網格", "已發佈", "機制",
    ]  # fmt: skip


def test_messages_are_read_from_python_and_from_templates(tmp_path):
    (tmp_path / "models.py").write_text(
        "from django.utils.translation import gettext_lazy as _\n"
        'name = _("A %s " "of two") % pgettext_lazy("month", "May")\n'
        'count = ngettext("%d row", "%d rows", 2)\n'
    )
    (tmp_path / "page.html").write_text(
        "{% if rows %}\n    <p>{% translate 'It’s open' context 'shop' %}</p>\n  {% endif %}\n"
        "{% blocktranslate count n=2 %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"
    )
    (tmp_path / "contrib").mkdir()
    (tmp_path / "contrib" / "models.py").write_text('_("Elsewhere")')

    assert set(translations.messages_below(tmp_path)) == {
        ("A %s of two", None),
        ("May", "month"),
        (("%d row", "%d rows"), None),
        ("It’s open", "shop"),
        (("%(n)s day", "%(n)s days"), None),
    }


def test_our_words_come_before_those_of_django():
    with translation.override("zh-hans"):
        words = (
            translation.gettext("Delete selected %(model)s"),
            translation.gettext(" By %(filter_title)s "),
        )

    assert words == ("删除选中的%(model)s", "按%(filter_title)s")


def test_the_theme_of_the_admin_is_translated():
    chinese = catalog(COMMITTED, "zh_Hans")

    assert [chinese.gettext(word) for word in ("Dark", "Cancel", "Apply Filters")] == [
        "深色", "取消", "应用筛选",
    ]  # fmt: skip
