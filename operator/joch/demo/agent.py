"""The agent runtime's part: it asks the gateway for the bound model and keeps the transcript.

This is all that an agent has to know of Joch: `status.binding.gatewayModel` says which model to ask
for, and after a switch the handoff is the request to go on from.
"""

import gzip
import hashlib
import json
from dataclasses import dataclass

import httpx
from pydantic import SecretStr

from joch.api.conversation import Binding, Conversation
from joch.api.statecheckpoint import StateCheckpoint
from joch.demo.cluster import Cluster
from joch.demo.failure import StepError, expect
from joch.local.cluster_reader import Json

ANSWER_TOKENS = 48
ANSWER_SECONDS = 180.0
FIELD_MANAGER = "demo-agent"


@dataclass(frozen=True)
class Agent:
    """One agent with one conversation.

    Attributes:
        cluster: where the conversation is.
        conversation: its name.
        gateway_url: LiteLLM's, without a path.
        gateway_key: the key that LiteLLM takes from clients.
    """

    cluster: Cluster
    conversation: str
    gateway_url: str
    gateway_key: SecretStr

    def binding(self) -> Binding:
        """The backend that serves the conversation now."""
        found = self.cluster.get(Conversation, self.conversation).status.binding
        if found is None:
            raise StepError("a bound conversation", f"{self.conversation} has no status.binding")
        return found

    def transcript(self) -> Json:
        """The conversation so far, an OpenAI chat request body."""
        name, key = self._transcript_place()
        document: Json = json.loads(self.cluster.config_map(name)["data"][key])
        return document

    def append(self, *messages: Json) -> None:
        """Add messages to the transcript; fails if somebody else wrote it meanwhile."""
        name, key = self._transcript_place()
        config_map = self.cluster.config_map(name)
        transcript = json.loads(config_map["data"][key])
        transcript["messages"].extend(messages)
        patch = {
            "metadata": {"resourceVersion": config_map["metadata"]["resourceVersion"]},
            "data": {key: json.dumps(transcript, indent=2)},
        }
        self.cluster.kubectl(
            "patch",
            "configmap",
            name,
            f"--namespace={self.cluster.namespace}",
            "--type=merge",
            "--patch-file=/dev/stdin",
            f"--field-manager={FIELD_MANAGER}",
            stdin=json.dumps(patch),
        )

    def ask(self, request: Json, model: str) -> str:
        """One turn through the gateway; the answer's text.

        Raises:
            StepError: there was no answer, or it was empty.
        """
        body = {**request, "model": model, "max_tokens": ANSWER_TOKENS, "temperature": 0}
        expected = f"an answer of {model} through LiteLLM"
        try:
            answer = httpx.post(
                f"{self.gateway_url}/v1/chat/completions",
                json=body,
                headers={"authorization": f"Bearer {self.gateway_key.get_secret_value()}"},
                timeout=ANSWER_SECONDS,
                trust_env=False,
            )
        except httpx.TransportError as error:
            raise StepError(expected, f"none came: {str(error) or type(error).__name__}") from error
        expect(answer.is_success, expected, f"it was {answer.status_code} {answer.text[:400]}")
        text = answer.json()["choices"][0]["message"]["content"]
        expect(bool(text and text.strip()), expected, "it was empty")
        return str(text).strip()

    def handoff(self) -> Json:
        """The request to go on from after a switch, checked against the digest in its record.

        Raises:
            ReadError: the record or its Secret is not there.
            StepError: the bytes are not those that were recorded.
        """
        name = self.binding().checkpoint
        if name is None:
            raise StepError("a binding with a checkpoint", "status.binding.checkpoint is not set")
        record = self.cluster.get(StateCheckpoint, name).spec.record
        if record is None:
            raise StepError(f"a record in StateCheckpoint {name}", "it has no spec.record")
        reference = record.handoff_secret
        for body in self.cluster.secret(reference.name).values():
            if f"sha256:{hashlib.sha256(body).hexdigest()}" == reference.digest:
                request: Json = json.loads(gzip.decompress(body))
                return request
        raise StepError(
            f"bytes of digest {reference.digest} in Secret {reference.name}", "it has none"
        )

    def _transcript_place(self) -> tuple[str, str]:
        source = self.cluster.get(Conversation, self.conversation).spec.transcript
        if source is None or source.config_map_ref is None:
            raise StepError(
                "a transcript in a ConfigMap",
                f"{self.conversation} has no spec.transcript.configMapRef",
            )
        return source.config_map_ref.name, source.config_map_ref.key
