"""What stands where it should not, for ``tests.malformed``: addresses, names, values, bytes and bodies."""


def words(text):
    return text.split()


CHARSETS = words(
    """hex zip rot13 bz2 base64 uu punycode undefined idna unicode_escape raw_unicode_escape utf-16 utf-32 utf-7
utf-8-sig gbk big5 latin-1 cp037 mbcs oem palmos nonsense UTF8 utf-8 us-ascii quopri zlib string_escape"""
)
BYTES = (
    *(
        b"\x00",
        b"\xff",
        b"\xfe\xff",
        b"\xc0\xaf",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xe4\xb8",
    ),
    *(
        b"\xef\xbf\xbf",
        b"\r\n",
        b"\n",
        b"\t",
        b"\x0b",
        b"\x1b[31m",
        b"\xe2\x80\xae",
        b"\xf0\x9f\x8f\x97",
    ),
    *(
        b"%",
        b"%zz",
        b"%u4e07",
        b"\\",
        b"'",
        b'"',
        b"<script>",
        b"{{7*7}}",
        b"../../etc/passwd",
        b";",
        b"&",
        b"=",
    ),
)
NUMBERS = words(
    """-1 0 1e3 0x10 1_000 NaN Infinity -0 99999999999999999999999 1.5 +1 ١٢ １０ 1,2 2147483648
9223372036854775808 -9223372036854775809"""
)
MOMENTS = words(
    """2021-13-01 0000-00-00 9999-12-31T23:59:59.999999Z 10000-01-01 2021-05-13T24:00:00Z 2021-W01
0001-01-01T00:00:00+14:00 2021-05-13T04:00:00 -1 now"""
)
METHODS = words("GET POST PUT PATCH DELETE HEAD OPTIONS TRACE CONNECT PROPFIND get FOO G\u00c9T")
PATHS = words(
    """/ /api/v1/ /api/v1/projects/ /api/v1/projects/aggregate/ /api/v1/projects/facets/ /api/v1/projects/search/
/api/v1/projects/211302-wanda-project/ /api/v1/projects/211302-wanda-project/history/ /api/v1/search/
/api/v1/projects/211302-wanda-project/restore/ /api/v1/observations/ /api/v1/citations/ /api/v1/citations/1/
/api/v1/documents/ /api/v1/declared-counts/ /api/v1/districts/ /api/v1/schema/ /api/v1/docs/ /admin/ /admin/login/
/admin/projects/project/ /admin/projects/project/add/ /admin/projects/project/211302-wanda-project/change/
/admin/seeds/document/ /i18n/setlang/ /healthz /readyz /static/shuangta/icon.svg /nowhere/"""
)
PARAMETERS = words(
    """page_size count ordering after before fields omit expand format bom as_of dry_run max_affected facets
group_by sum avg min max limit q search type stage stage__in stage__not name name__contains name__startswith name__in
total_investment total_investment__gte started_on started_on__lt district district__within district__in version
created_at updated_at__gt is_published stated_on code code__startswith industrial_park__name utm_source _ lang script
next o p e since version_to"""
)
HEADERS = words(
    """Host Accept Accept-Language Accept-Encoding Accept-Charset Authorization Cookie Origin Referer Range
If-Range If-Match If-None-Match If-Modified-Since If-Unmodified-Since Idempotency-Key X-Change-Reason X-Request-Id
X-Forwarded-For X-Forwarded-Host X-Forwarded-Proto X-Forwarded-Port Forwarded X-Real-IP X-HTTP-Method-Override
X-CSRFToken X-API-Key Access-Control-Request-Method Access-Control-Request-Headers User-Agent Content-Language
Content-Encoding Content-Disposition Content-Location Content-Range Expect Connection Upgrade TE Trailer Via
Cache-Control Pragma Date From Max-Forwards Proxy-Authorization Script-Name X-Script-Name X-Original-URL"""
)
VALUES = words(
    """* */* text/csv;q=0.5,*/*;q=x text/*;q=nan application/json;charset=hex text/csv;x*=hex''a a/b;q=2 ;;;= W/""
"a", W/"a" "" bytes=0- bytes=99999999999- bytes=5-2 bytes=a-b Bearer Basic Token Token%20x 1.1.1.1,2.2.2.2 [::1]:x
for="[::" unknown https https,http null file:// http://[ //evil.example javascript:0 evil.example:99999 [::1
a@b.example localhost:65536 chunked gzip,,deflate identity;q=0 zh-Hans-CN-x-y-z,*;q=0.1 en;q=1e999 100-continue close
upgrade h2c websocket GET,POST sessionid=x"""
)
COOKIES = (
    b'sessionid="abcdefgh\\000ijklmnop"',
    b"sessionid=" + b"a" * 40,
    b'csrftoken="\\000"; sessionid="\\377"',
    b'django_language="\\000"',
    b"django_language=" + b"../" * 30,
    b'messages="\\000"; messages=x',
    b";" * 3000,
    b"=; ==; a=; =b; a",
    b"csrftoken=\xe4\xb8\x87",
)
CONTENT_TYPES = (
    *("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"),
    *(
        "multipart/form-data",
        "multipart/form-data; boundary=",
        'multipart/form-data; boundary="\u00e9"',
    ),
    *(
        "multipart/form-data; boundary=" + "b" * 300,
        "multipart/mixed; boundary=x",
        "text/plain",
        "*/*",
        "json",
        ";",
    ),
    *(
        "application/json; x*=hex''ab",
        "application/json; x*=nonsense''ab",
        "application/json; x*0*=hex''a; x*1=b",
    ),
    *(
        "application/json; charset",
        "application/json; charset=",
        'application/json; charset=""',
        "; charset=hex",
    ),
    *(
        "application/json; charset*=hex''utf-8",
        "application/json;" + "a=b;" * 2000,
        "application/json, text/plain",
    ),
)
PART_HEADERS = (
    'Content-Disposition: form-data; name="name"\r\nContent-Type: text/plain; charset={charset}',
    "Content-Disposition: form-data; name*={charset}''%ff",
    "Content-Disposition: form-data; name=file; filename*={charset}''%e4",
    'Content-Disposition: form-data; name=file; filename="../\x00"\r\nContent-Type: a/b; charset={charset}',
    'Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64',
    "Content-Disposition: form-data",
    "Content-Disposition: ;;;",
    "X: y",
    "",
)
DOCUMENTS = (
    *(
        b"",
        b"{",
        b"[]",
        b"null",
        b"1",
        b'"x"',
        b"{}",
        b"[[]]",
        b"[null]",
        b'{"a":NaN}',
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{\x00}\x00",
    ),
    *(
        b'{"name":"\\ud800"}',
        b'{"name":"\\u0000"}',
        b'{"name":"a","name":"b"}',
        b"[" * 50_000,
        b'{"a":' * 5000,
    ),
    *(
        b'{"version":1e999999}',
        b'{"total_investment":1e400}',
        b'{"total_investment":' + b"9" * 5000 + b"}",
    ),
    *(
        b'{"\\u0000":1}',
        b'[{"code":"\\u0000"}]',
        b'{"sectors":[["x"]]}',
        b'{"district":{"a":1}}',
        b'{"code":1}',
    ),
    *(
        b'{"evidence":[1]}',
        b'{"evidence":{"name":[{"passage":"\\u0000","quote":"\\ud800"}]}}',
        b'{"version":-1}',
    ),
)
FIELDS = words(
    """name name_en aliases code district stage total_investment started_on sectors is_published note version
evidence text title kind sha256 rights passage quote value record record_type field position query"""
)
VALUES_OF_JSON = (
    *(
        None,
        True,
        -1,
        0.1,
        10**400,
        "",
        " ",
        "\x00",
        "\ud800",
        "\uffff",
        "a" * 70_000,
        [],
        {},
        [[]],
        {"a": []},
    ),
    *(
        "2021-02-30",
        "0000-00-00",
        "9999-99-99",
        "211302",
        "no-such",
        "\u202e",
        [None],
        ["\x00"],
        2**63,
        -(2**63),
    ),
)
