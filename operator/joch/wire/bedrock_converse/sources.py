"""Reading what an answer cites and what a search found: text, with its sources beside it."""

from joch.transcript.parts import Citation, Part, Text
from joch.transcript.values import Json, JsonObject
from joch.wire.fields import an_object, items, text


def read_cited(index: int | None, field: str, block: JsonObject) -> tuple[Part, ...]:
    """A text with its citations right after it; any other shape keeps the block beside its text.

    Raises:
        WireError: a member is not what the format says.
    """
    field = f"{field}.citationsContent"
    data = an_object(block["citationsContent"], index, field)
    texts = _texts(items(data, "content", index, f"{field}."), index, f"{field}.content")
    cited = [
        an_object(value, index, f"{field}.citations[{place}]")
        for place, value in enumerate(items(data, "citations", index, f"{field}."))
    ]
    plain = len(texts) == 1 and data["content"] == [{"text": texts[0]}]
    if not cited or not plain or data.keys() != {"content", "citations"}:
        return (Text("".join(texts), {"citationsContent": data}),)
    return (Text(texts[0]), *(_citation(citation) for citation in cited))


def read_search_result(index: int | None, field: str, block: JsonObject) -> tuple[Part, ...]:
    """A search result: its text is for every vendor, its block for this one.

    Raises:
        WireError: a member is not what the format says.
    """
    field = f"{field}.searchResult"
    data = an_object(block["searchResult"], index, field)
    texts = _texts(items(data, "content", index, f"{field}."), index, f"{field}.content")
    head = [text(data, key, index, f"{field}.") for key in ("title", "source")]
    lines = [line for line in (*head, *texts) if line]
    return (Text("\n".join(lines), {"searchResult": data}),)


def _citation(data: JsonObject) -> Citation:
    location = data.get("location")
    web = location.get("web") if isinstance(location, dict) else None
    url = web.get("url") if isinstance(web, dict) else data.get("source")
    title = data.get("title")
    return Citation(
        url if isinstance(url, str) else None, title if isinstance(title, str) else None, data
    )


def _texts(values: list[Json], index: int | None, field: str) -> list[str]:
    told = [an_object(value, index, f"{field}[{i}]") for i, value in enumerate(values)]
    return [text(data, "text", index, f"{field}[{i}].") or "" for i, data in enumerate(told)]
