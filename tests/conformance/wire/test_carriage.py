"""The checks over every pair notice what they are there to notice."""

from typing import Any

from joch.transcript.conversation import Settings, ToolDeclaration, Transcript
from joch.wire.rendered import Carriage, Change, Rendered
from tests.conformance.wire.carriage import mispaired, not_carried, not_said, silently_lost
from tests.conformance.wire.requests import not_set, silently_unset, undeclared_tools
from tests.unit.wire.conversations import answer, call, result, transcript, user


def spoken(*texts: str) -> Rendered:
    return Rendered({"messages": list[Any](texts)})


def test_a_word_that_is_missing_is_missed_even_where_it_is_declared() -> None:
    read = transcript(user("Hello"), answer("Good morning"))
    declared = Rendered({"messages": ["Hello"]}, (_change("messages[1]"),))

    assert not_said(read, declared) == ["messages[1]: 'Good morning'"]
    assert silently_lost(read, declared) == []


def test_a_loss_counts_as_declared_only_at_its_own_message() -> None:
    read = transcript(user("Hello"), answer("Good morning"))
    elsewhere = Rendered({"messages": ["Hello"]}, (_change("messages[11]"),))

    assert silently_lost(read, elsewhere) == ["messages[1]: ['Good morning']"]


def test_words_inside_escaped_json_are_said() -> None:
    read = transcript(user('Say "naïve"'), answer(None, call("c", "f", at="a\nb")))

    assert not_said(read, spoken('told: {"said": "Say \\"na\\u00efve\\"", "at": "a\\nb"}')) == []


def test_results_that_were_exchanged_are_noticed() -> None:
    calls = answer(None, call("1", "f"), call("2", "f"))
    read = transcript(user("x"), calls, result("1", "one"), result("2", "two"))
    again = transcript(user("x"), calls, result("1", "two"), result("2", "one"))

    assert mispaired(read, read) == []
    assert mispaired(read, again) == ["call 0 of f", "call 1 of f"]


def test_other_arguments_and_a_call_less_are_noticed() -> None:
    read = transcript(answer(None, call("1", "f", a=1)), result("1", "x"))

    other = transcript(answer(None, call("1", "f", a=2)), result("1", "x"))
    assert mispaired(read, other) == ["call 0 of f"]
    assert mispaired(read, transcript(user("x"))) == ["1 calls went in, 0 came out"]


def test_an_image_that_became_text_is_noticed() -> None:
    picture = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
    read = transcript(user([picture]))

    assert not_carried(read, transcript(user("[image]")), "openai_chat") == ["Image: 0 of 1"]
    assert not_carried(read, transcript(user("[image]")), "bedrock_converse") == []


def test_a_setting_that_must_be_carried_is_no_matter_of_declaring() -> None:
    read = Settings(temperature=0.5, stop=("END",), max_tokens=100)

    assert not_set(read, Settings(stop=("END",), max_tokens=100), "openai_chat") == [
        "temperature: 0.5 became None"
    ]
    assert not_set(read, read, "openai_chat") == []


def test_a_setting_or_tool_that_is_gone_wants_a_change_that_names_it() -> None:
    read = Settings(top_p=0.1, extra={"seed": 7})
    tools = Transcript((), (ToolDeclaration("f"), ToolDeclaration("web", "web_search")))

    assert silently_unset(read, Settings(), ()) == ["top_p", "seed"]
    assert silently_unset(read, Settings(), (_change("top_p"), _change("seed"))) == []
    assert undeclared_tools(tools, Transcript(()), ()) == ["1 functions, 0 came out", "web"]


def _change(where: str) -> Change:
    return Change("any", Carriage.LOST, where, "It is not carried")
