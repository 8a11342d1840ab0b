"""Run by the box's own Python: a recording of alice's bridge, 1000 bytes, and a link to it for ten minutes.

Prints the recording's id and the link's token as JSON.
"""

import json
import time

from appliance.models import Bridge, Conference, Recording
from appliance.recordings import files, links
from appliance.wiring import wire


def main() -> None:
    config, now = wire().config, time.time()
    conference = Conference.create(
        bridge=Bridge.get(Bridge.extension == "600"), started_at=now - 60, ended_at=now
    )
    row = Recording.create(
        conference=conference, started_at=now - 60, ended_at=now, state="mailed", seconds=60, size=1000
    )
    files.mp3_file(config, row.id).write_bytes(bytes(1000))
    print(json.dumps({"recording": row.id, "token": links.make(row, now, now + 600)}))


if __name__ == "__main__":
    main()
