"""The application in a worker of the production server, which ends when the server's main process says so.

A terminal sends Ctrl+C to all processes, and the main process passes it on: a worker that is told twice would stay.
"""

import signal

signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
signal.signal(signal.SIGTERM, signal.SIG_DFL)  # until the worker serves it has nothing to finish

from shuangta.wsgi import application  # noqa: E402, F401
