"""The kubelet's part: keeps folders equal to a ConfigMap and a Secret, as mounted into a pod.

    python -m joch.local.mounts --kubeconfig FILE --namespace NAMESPACE \
        --config-map NAME=FOLDER --secret NAME=FOLDER

Like the kubelet it waits for an object that is not there yet, and leaves the files of one that was
deleted. Unlike the kubelet, which looks about once a minute, it watches.
"""

import argparse
import base64
import random
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from joch.local.cluster_reader import ClusterReader, Json, ReadError
from joch.local.volumes import write_volume

_WATCH_SECONDS = 300.0
_FIRST_WAIT = 0.2
_LONGEST_WAIT = 5.0


@dataclass(frozen=True, slots=True)
class Mount:
    """One object and the folder that holds its data.

    Attributes:
        resource: `configmaps` or `secrets`.
        name: the object's name.
        folder: where its data are written.
    """

    resource: str
    name: str
    folder: Path

    def files(self, document: Json) -> dict[str, bytes]:
        """The object's data, one file a key."""
        data: Mapping[str, str] = document.get("data") or {}
        if self.resource == "secrets":
            return {key: base64.b64decode(value) for key, value in data.items()}
        binary: Mapping[str, str] = document.get("binaryData") or {}
        return {
            **{key: value.encode() for key, value in data.items()},
            **{key: base64.b64decode(value) for key, value in binary.items()},
        }


def follow(reader: ClusterReader, namespace: str, mount: Mount) -> None:
    """Keep the folder equal to the object, watch after watch; ends with a ReadError.

    Raises:
        ReadError: a watch can't be opened, or broke.
    """
    collection = f"/api/v1/namespaces/{namespace}/{mount.resource}"
    while True:
        for seen in reader.watch(collection, mount.name, _WATCH_SECONDS):
            if seen.type != "DELETED":
                write_volume(mount.folder, mount.files(seen.object))


def follow_for_ever(kubeconfig: Path, namespace: str, mount: Mount) -> None:
    """`follow`, begun again after every error, with growing and jittered waits as the kubelet's."""
    with ClusterReader.connect(kubeconfig) as reader:
        waits = _waits()
        while True:
            began = time.monotonic()
            try:
                follow(reader, namespace, mount)
            except ReadError as error:
                print(f"{mount.resource}/{mount.name}: {error}", file=sys.stderr, flush=True)
            if time.monotonic() - began > _LONGEST_WAIT:
                waits = _waits()
            time.sleep(next(waits))


def _waits() -> Iterator[float]:
    wait = _FIRST_WAIT
    while True:
        yield wait * random.uniform(0.75, 1.25)
        wait = min(2 * wait, _LONGEST_WAIT)


def main(argv: Sequence[str] | None = None) -> None:
    """Keep every mount until the process is ended."""
    parser = argparse.ArgumentParser(prog="joch.local.mounts", description=__doc__)
    parser.add_argument("--kubeconfig", type=Path, required=True)
    parser.add_argument("--namespace", required=True)
    parser.add_argument("--config-map", action="append", default=[], metavar="NAME=FOLDER")
    parser.add_argument("--secret", action="append", default=[], metavar="NAME=FOLDER")
    arguments = parser.parse_args(argv)
    mounts = [
        *(_mount("configmaps", text) for text in arguments.config_map),
        *(_mount("secrets", text) for text in arguments.secret),
    ]
    threads = [
        threading.Thread(
            target=follow_for_ever,
            args=(arguments.kubeconfig, arguments.namespace, mount),
            daemon=True,
        )
        for mount in mounts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _mount(resource: str, text: str) -> Mount:
    name, _, folder = text.partition("=")
    return Mount(resource, name, Path(folder))


if __name__ == "__main__":
    main()
