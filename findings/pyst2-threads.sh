#!/bin/bash
# pyst2's AGI cannot serve FastAGI from threads, and its own FastAGI server does not import.
#
# Packages: pyst2 0.5.1 (six 1.17.0), Python 3.11.
# Expected: the package names Python 3 among its classifiers, so that `asterisk.fastagi` imports, and an AGI object is
#   something that each thread of a server makes for its own connection.
# Instead: `asterisk.fastagi` imports `SocketServer`, a name of Python 2. An AGI object installs a handler for SIGHUP
#   as it is made, which Python refuses outside the main thread: ValueError before the first line is read.
# What it means: a FastAGI server has to be written anew, and a threaded one needs a subclass with an `__init__` of its
#   own. A test that makes the object in the main thread does not show it.
#
# Seen:
#   classifier: True
#   import asterisk.fastagi: "No module named 'SocketServer'"
#   AGI() in the main thread: 'request.agi'
#   AGI() in another thread: 'signal only works in main thread of the main interpreter'

. "$(dirname "$0")/common.inc"

python_install pyst2==0.5.1 six==1.17.0

python - << 'END'
import io
import threading
from importlib.metadata import metadata

from asterisk.agi import AGI
from expect import expect

classifiers = metadata("pyst2").get_all("Classifier")
expect("classifier", "Programming Language :: Python :: 3" in classifiers, True)

try:
    import asterisk.fastagi
    seen = "imported"
except ImportError as error:
    seen = str(error)
expect("import asterisk.fastagi", seen, "No module named 'SocketServer'")

REQUEST = "agi_network_script: request.agi\nagi_channel: Local/1@a-1;1\n\n"


def script() -> str:
    try:
        return AGI(io.StringIO(REQUEST), io.StringIO(), io.StringIO()).env["agi_network_script"]
    except ValueError as error:
        return str(error)


expect("AGI() in the main thread", script(), "request.agi")
answers: list[str] = []
thread = threading.Thread(target=lambda: answers.append(script()))
thread.start()
thread.join()
expect("AGI() in another thread", answers[0], "signal only works in main thread of the main interpreter")
END
