"""``python -m tests.fuzz``: hold every operation of the OpenAPI document against what it is sent at random.

A real server on the registry of the page is asked what the document allows and what it does not allow; each answer
must be one that the document promises, and none a server error. Reading comes first, for writing deletes. That what
the document allows is taken is not asked: no schema says that a project ends after it starts.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.servers import Server, manage, servers

PROGRAM = Path(sys.executable).parent / "schemathesis"
READING = ["GET"]
WRITING = ["POST", "PUT", "PATCH", "DELETE"]
SETTINGS = """
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 412, 413, 414, 415, 429, "5xx"]
"""


def main() -> int:
    """Return 0 where every answer was as promised."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--examples", type=int, default=5, help="requests for each operation")
    parser.add_argument("--phases", default="fuzzing", help="examples, coverage, fuzzing, stateful")
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same requests")
    options, passed_on = parser.parse_known_args()
    with servers(1) as (server,):
        manage(server.environment, "seed", "--fresh")
        codes = [fuzz(server, methods, options, passed_on) for methods in (READING, WRITING)]
    return max(codes)


def fuzz(server: Server, methods: list[str], options, passed_on: list[str]) -> int:
    command = [
        *(PROGRAM, "run", f"http://127.0.0.1:{server.port}/api/v1/schema/"),
        *("--header", f"Authorization: Token {server.key}"),
        *("--header", "Accept-Language: en"),
        *("--phases", options.phases, "--max-examples", str(options.examples)),
        *("--seed", str(options.seed), "--exclude-checks", "positive_data_acceptance"),
        *("--continue-on-failure", "--no-shrink", "--warnings", "off"),
        *("--suppress-health-check", "all"),
        *(part for method in methods for part in ("--include-method", method)),
        *passed_on,
    ]
    with tempfile.TemporaryDirectory() as folder:  # it keeps what it found where it runs
        Path(folder, "schemathesis.toml").write_text(SETTINGS)
        return subprocess.run(command, cwd=folder, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
