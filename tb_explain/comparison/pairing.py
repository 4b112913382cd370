"""What is compared with what: tags of both runs, and samples by their content."""

from collections.abc import Mapping, Sequence

from tb_explain.comparison.recorded import Recorded
from tb_explain.dashboard.record_head import Header

Wanted = str | tuple[str, str]


def same_samples(a: Recorded, b: Recorded) -> dict[int, int]:
    """Returns the samples of both runs, by index in A; the first of equal ones is the first of B.

    Raises:
        ValueError: If there are none.
    """
    of_a, of_b = _places(a.hashes), _places(b.hashes)
    found = {
        own: others[place] if place < len(others) else others[0]
        for content, places in of_a.items()
        if (others := of_b.get(content))
        for place, own in enumerate(places)
    }
    if not found:
        raise ValueError(
            "A and B have no sample in common; samples are matched by content, so give both runs "
            f"the same arrays. Received: {len(a.hashes)} samples in {a.name!r}, {len(b.hashes)} "
            f"in {b.name!r}"
        )
    return dict(sorted(found.items()))


def tag_pairs(a: Recorded, b: Recorded, wanted: Sequence[Wanted] | None) -> list[tuple[str, str]]:
    """Returns which maps of A are compared with which of B.

    Args:
        a: A run.
        b: Another one.
        wanted: Tags, names of explainers, or a tag of A with one of B; `None` for the first
            explainer of A whose maps both runs have.

    Raises:
        ValueError: If a run does not have them.
    """
    if wanted is None:
        return _usual(a, b)
    names = [wanted] if isinstance(wanted, str) else wanted
    found = [pair for name in names for pair in _asked(a, b, name)]
    return list(dict.fromkeys(found))


def _usual(a: Recorded, b: Recorded) -> list[tuple[str, str]]:
    tags = [tag for tag, header in a.tags.items() if header["kind"] == "attribution"]
    tags.sort(key=lambda tag: a.place_of(a.tags[tag]))
    found = [(tag, other) for tag in tags if (other := _like(b.tags, tag, a.tags[tag]))]
    if found:
        first = a.tags[found[0][0]]
        return [pair for pair in found if _is_one_explainer(a.tags[pair[0]], first)]
    raise ValueError(
        "A and B have no attribution maps of the same explainer and target; name a tag of each. "
        f"{_listed(a)} {_listed(b)}"
    )


def _asked(a: Recorded, b: Recorded, name: Wanted) -> list[tuple[str, str]]:
    if not isinstance(name, str):
        return [(_known(a, name[0]), _known(b, name[1]))]
    if name in a.tags or name in b.tags:
        return [(_known(a, name), _known(b, name))]
    tags = [tag for tag, header in a.tags.items() if header.get("explainer") == name]
    found = [(tag, other) for tag in tags if (other := _like(b.tags, tag, a.tags[tag]))]
    if not found:
        raise ValueError(
            f"A and B have no maps of {name!r} in common. {_listed(a)} {_listed(b)} "
            f"Received: {name!r}"
        )
    return found


def _known(run: Recorded, tag: str) -> str:
    if tag not in run.tags:
        raise ValueError(f"{run.side} has no maps of samples {tag!r}. {_listed(run)}")
    return tag


def _like(tags: Mapping[str, Header], tag: str, header: Header) -> str | None:
    """Returns the same tag, or the only one of this explainer and target, of another layer."""
    if tag in tags:
        return tag
    names = ("explainer", "settings", "target")
    found = [
        other
        for other, its in tags.items()
        if all(its.get(name) == header.get(name) for name in names)
    ]
    return found[0] if len(found) == 1 else None


def _is_one_explainer(one: Header, other: Header) -> bool:
    return all(one.get(name) == other.get(name) for name in ("explainer", "settings"))


def _listed(run: Recorded) -> str:
    return f"Those of {run.side}: {', '.join(map(repr, run.tags)) or 'none'}."


def _places(hashes: Sequence[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for index, content in enumerate(hashes):
        places.setdefault(content, []).append(index)
    return places
