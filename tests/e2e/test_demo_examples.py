"""The manifests of the demo, applied by hand as examples/demo/README.md says."""

import json
from pathlib import Path

from joch.local.kubectl import Kubectl
from joch.wire.registry import wire_format

EXAMPLES = Path(__file__).parents[2] / "examples" / "demo"


def apply(kubectl: Kubectl, namespace: str, folder: Path) -> str:
    return kubectl("apply", "--field-manager=test-user", "-k", str(folder), "-n", namespace)


def test_the_demos_manifests_are_taken_as_they_are(kubectl: Kubectl, namespace: str) -> None:
    platform = apply(kubectl, namespace, EXAMPLES)
    agents = apply(kubectl, namespace, EXAMPLES / "conversation")
    assert platform.count("created") == 7
    assert agents.count("created") == 2
    assert apply(kubectl, namespace, EXAMPLES / "operator").count("created") == 3

    listed = json.loads(kubectl("get", "joch", "-n", namespace, "-o", "json"))
    assert sorted(f"{item['kind']}/{item['metadata']['name']}" for item in listed["items"]) == [
        "Conversation/landscape-report",
        "LLMGateway/gateway",
        "LLMProvider/acme",
        "LLMProvider/globex",
        "Model/acme-large",
        "Model/globex-mini",
        "Model/globex-pro",
        "ModelRoute/research",
    ]
    assert apply(kubectl, namespace, EXAMPLES).count("unchanged") == 7


def test_the_demos_transcript_is_one_that_joch_can_read(kubectl: Kubectl, namespace: str) -> None:
    apply(kubectl, namespace, EXAMPLES / "conversation")
    config_map = json.loads(
        kubectl("get", "configmap", "landscape-report", "-n", namespace, "-o", "json")
    )

    transcript = wire_format("openai_chat").parse(config_map["data"]["transcript.json"])

    assert [message.role.value for message in transcript.messages] == [
        "system",
        "user",
        "assistant",
        "tool",
        "assistant",
        "user",
        "assistant",
    ]
