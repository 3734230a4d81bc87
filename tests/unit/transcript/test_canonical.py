"""The digest stands for the conversation: equal ones have equal digests, a change changes it."""

import dataclasses
import json
import os
import subprocess
import sys

import pytest
from hypothesis import given

from joch.transcript.canonical import digest, to_data
from joch.transcript.conversation import Message, Role, Settings, Transcript
from joch.transcript.parts import Image, Source, Text
from joch.transcript.values import canonical_json
from joch.wire.openai_chat import parse
from tests.unit.wire.conversations import Data, any_transcript, stored_bodies, transcript, user

STORED = {"model": "m", "messages": [{**user("hé\ud800"), "b": {"y": 1, "x": 2}, "a": None}]}
ONE_LINE = "import sys; from joch.wire.openai_chat import parse; "
DIGEST = "from joch.transcript.canonical import digest; print(digest(parse(sys.stdin.read())))"


@given(any_transcript)
def test_equal_conversations_have_equal_digests(given_one: Transcript) -> None:
    assert digest(dataclasses.replace(given_one)) == digest(given_one)


@given(stored_bodies())
def test_the_order_of_keys_and_blanks_mean_nothing(body: Data) -> None:
    turned = json.dumps({key: body[key] for key in reversed(body)}, indent=2)

    assert digest(parse(turned)) == digest(parse(json.dumps(body)))


@given(any_transcript)
def test_another_message_is_another_digest(given_one: Transcript) -> None:
    more = (*given_one.messages, Message(Role.USER, (Text("more"),)))

    assert digest(dataclasses.replace(given_one, messages=more)) != digest(given_one)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(transcript(user("hello!")), id="text"),
        pytest.param(transcript({"role": "system", "content": "hello"}), id="role"),
        pytest.param(transcript({**user("hello"), "name": "ada"}), id="name"),
        pytest.param(transcript({**user("hello"), "mood": "merry"}), id="vendor's field"),
        pytest.param(transcript(user("hello"), temperature=0), id="setting"),
        pytest.param(transcript(user("hello"), tools=[{"type": "web_search"}]), id="tool"),
    ],
)
def test_whatever_differs_makes_another_digest(other: Transcript) -> None:
    assert digest(other) != digest(transcript(user("hello")))


@given(any_transcript)
def test_the_canonical_form_is_json(given_one: Transcript) -> None:
    data = to_data(given_one)

    assert json.loads(canonical_json(data)) == data


def test_unset_fields_are_not_in_the_canonical_form() -> None:
    picture = Image(Source(url="https://example.com/a.png"))
    told = Transcript((Message(Role.USER, (picture,)),), settings=Settings(stop=("END",)))

    assert to_data(told) == {
        "version": "joch.dev/transcript/v1",
        "messages": [
            {
                "role": "user",
                "parts": [{"kind": "image", "source": {"url": "https://example.com/a.png"}}],
            }
        ],
        "tools": [],
        "settings": {"stop": ["END"]},
    }


@pytest.mark.parametrize("seed", ["0", "1", "4711"])
def test_the_digest_is_the_same_in_every_process(seed: str) -> None:
    stored = json.dumps(STORED)
    answer = subprocess.run(
        [sys.executable, "-c", ONE_LINE + DIGEST],
        input=stored,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": seed},
    )

    assert answer.stdout.strip() == digest(parse(stored))
