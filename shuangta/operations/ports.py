"""Ports: one server at each. The production server shares a port with whoever else asks to share it."""

import errno
import fcntl
import os
import socket
import tempfile
from ipaddress import ip_address
from pathlib import Path

LOOPBACK = ("127.0.0.1", "::1")


class PortError(Exception):
    """Nobody can listen at the address; the message says why."""


def claim_port(address, port):
    """Hold the port for this process, and for what it becomes. Raises PortError where that cannot be.

    The lock keeps out who claims it at the same moment. Who listens already has no need of one.
    """
    path = Path(tempfile.gettempdir(), f"shuangta-port-{port}.lock")
    try:
        lock = lock_file(path, wait=False)
    except BlockingIOError as error:
        raise PortError(f"Port {port} is taken by another server of the registry.") from error
    try:
        for each in addresses_reaching(address):
            refuse_listener(each, port, is_asked_for=each == address)
    except PortError:
        os.close(lock)
        raise
    os.set_inheritable(lock, True)


def lock_file(path, wait=True):
    """An open file that nobody else locks until it is closed. Raises BlockingIOError rather than wait."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_EXCL, 0o644)
    except FileExistsError:  # It may be another user’s, whose file is not opened with O_CREAT.
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        os.close(file)
        raise
    return file


def addresses_reaching(address):
    """The address, and those that ``localhost`` may mean where it reaches this machine too."""
    parsed = ip_address(address)
    is_local = parsed.is_loopback or parsed.is_unspecified
    return dict.fromkeys((address, *LOOPBACK)) if is_local else (address,)


def refuse_listener(address, port, is_asked_for):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            # Connections that have just ended do not count; without SO_REUSEPORT a listener does.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
            probe.listen()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortError(f"Port {port} of {address} is taken by another program.") from error
        if is_asked_for:
            reason = error.strerror
            raise PortError(f"Nobody can listen at port {port} of {address}: {reason}.") from error
