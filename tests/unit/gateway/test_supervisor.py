"""The supervisor where the machine itself refuses: no disk, no process."""

import asyncio
from pathlib import Path

from joch.gateway.generation import Place
from joch.gateway.listening import listen
from joch.gateway.report import State
from joch.gateway.supervisor import Supervisor
from tests.unit.gateway.test_launch import KEYS, config


async def test_a_disk_that_takes_no_file_rejects_the_configuration_and_ends_nothing(
    tmp_path: Path,
) -> None:
    folders = {name: tmp_path / name for name in ("config", "keys")}
    for folder in folders.values():
        folder.mkdir()
    (folders["config"] / "config.yaml").write_bytes(config("a"))
    for name, key in KEYS.items():
        (folders["keys"] / name).write_text(key.get_secret_value())
    with listen("127.0.0.1", 0) as listener:
        place = Place(listener, tmp_path / "missing", start_timeout=1, drain_timeout=1)
        supervisor = Supervisor(folders["config"], folders["keys"], place)
        running = asyncio.create_task(supervisor.run())
        async with asyncio.timeout(30):
            while not running.done() and supervisor.status().state is not State.REJECTED:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

        assert not running.done()
        message = "LiteLLM could not be started: No such file or directory; nothing is served"
        assert supervisor.status().message == message
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
