"""Where the API server is and who asks it: a kubeconfig, or a pod's service account."""

import os
from pathlib import Path

from kubernetes.aio.client.configuration import Configuration
from kubernetes.aio.config import kube_config
from kubernetes.aio.config.config_exception import ConfigException
from kubernetes.aio.config.incluster_config import load_incluster_config


class ConnectionConfigError(Exception):
    """There is no usable kubeconfig and no service account; the sentence says what to set."""


async def load_configuration(kubeconfig: str | None, context: str | None) -> Configuration:
    """Host and credentials by the usual order of a Kubernetes client.

    Raises:
        ConnectionConfigError: no kubeconfig and no service account is usable.
    """
    configuration = Configuration()
    # Proxy variables cost half the requests a second when aiohttp looks them up (measured).
    configuration.client_session_kwargs = {"trust_env": False}
    if kubeconfig is None:
        try:
            load_incluster_config(client_configuration=configuration)
        except ConfigException:
            pass
        else:
            return configuration
    files = kubeconfig or kube_config.KUBE_CONFIG_DEFAULT_LOCATION
    if not _any_exists(files):
        raise _unusable(files, "there is no such file")
    try:
        await kube_config.load_kube_config(
            config_file=kubeconfig, context=context, client_configuration=configuration
        )
    except (ConfigException, OSError) as error:
        raise _unusable(files, str(error)) from error
    except Exception as error:
        # What the client's loader trips over in a file that is no kubeconfig.
        raise _unusable(files, f"it is no kubeconfig ({type(error).__name__}: {error})") from error
    return configuration


def _any_exists(files: str) -> bool:
    return any(Path(name).expanduser().is_file() for name in files.split(os.pathsep))


def _unusable(files: str, why: str) -> ConnectionConfigError:
    line = " ".join(why.split()).rstrip(".")
    return ConnectionConfigError(
        f"kubeconfig {files} cannot be used: {line}. Name another by --kubeconfig or KUBECONFIG."
    )
