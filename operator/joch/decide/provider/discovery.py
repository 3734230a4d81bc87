"""What a complete model list of a provider means for its Model objects."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from fnmatch import fnmatchcase

from joch.api.base import API_VERSION, LocalReference, ObjectMeta, OwnerReference
from joch.api.grammar import VENDOR_ID
from joch.api.llmprovider import Discovery, LLMProvider, SyncStatus
from joch.api.model import Model, ModelSource, ModelSpec, ModelStatus, StatedFacts
from joch.decide.names import MANAGED_BY, MARK, digest, slug
from joch.providers.base import ListedModel
from joch.providers.registry import UnknownProviderType, provider_type


class Fate(Enum):
    """What becomes of one listed model."""

    CREATED = auto()
    UPDATED = auto()
    UNCHANGED = auto()
    SKIPPED = auto()


@dataclass(frozen=True, slots=True)
class ModelsPlan:
    """What to do after a listing.

    `create`: Models to make, in the order of the list; their status holds the vendor's facts and is
    patched after the POST, which drops it. `status`: existing Models, each with its new status.
    `fates` has one entry for every listed id. `sync` equals the provider's own when the listing
    changed nothing, so that nothing is written.
    """

    create: tuple[Model, ...]
    status: tuple[tuple[Model, ModelStatus], ...]
    sync: SyncStatus
    fates: Mapping[str, Fate]


def discovery_enabled(provider: LLMProvider) -> bool:
    """Whether the provider's list becomes Models.

    Unless it is said: for a vendor's own endpoint and where the type always does (ollama). A custom
    URL is often a gateway with hundreds of models that nobody asked for.
    """
    stated = provider.spec.discovery.enabled
    if stated is not None:
        return stated
    try:
        always = provider_type(provider.spec.type).always_discovers
    except UnknownProviderType:
        return False
    return always or provider.spec.base_url is None


def is_discovered(model: Model) -> bool:
    """Whether Joch made the Model out of a listing."""
    return model.metadata.labels.get(MANAGED_BY) == MARK[MANAGED_BY]


def discovered_name(provider: str, vendor_id: str) -> str:
    """The name of a discovered Model: `<provider≤20>-<slug≤20>-<8 hex>`, at most 50 characters."""
    mark = digest(provider, vendor_id, length=8)
    return f"{slug(provider, 20)}-{slug(vendor_id, 20)}-{mark}"


def plan_models(
    provider: LLMProvider, listing: Iterable[ListedModel], existing: Iterable[Model], now: str
) -> ModelsPlan:
    """The Models that a complete listing makes, changes and finds stale. Nothing is ever deleted.

    `existing` may hold any Models of the provider's namespace. One written by hand for the same
    vendor id wins: it gets the vendor's facts and no twin. `now` is the one time of this listing.
    """
    known = _Known.of(provider, existing)
    listed = {model.id: model for model in reversed(tuple(listing))}
    listed = dict(reversed(listed.items()))
    fates = {id_: _fate(model, known, provider.spec.discovery) for id_, model in listed.items()}
    create = tuple(
        _new(provider, listed[id_], now) for id_, fate in fates.items() if fate is Fate.CREATED
    )
    served = {id_: model for id_, model in listed.items() if _wanted(model, provider)}
    after = [(model, _status(model, listed, served, provider, now)) for model in known.models]
    return ModelsPlan(
        create=create,
        status=tuple((model, status) for model, status in after if status != model.status),
        sync=_sync(provider, fates, stale=sum(status.stale for _, status in after), now=now),
        fates=fates,
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """The provider's Models, by vendor id, and every name that is taken in the namespace."""

    models: tuple[Model, ...]
    by_id: Mapping[str, Sequence[Model]]
    names: frozenset[str]
    provider: str

    @classmethod
    def of(cls, provider: LLMProvider, existing: Iterable[Model]) -> "_Known":
        home = [m for m in existing if m.metadata.namespace == provider.metadata.namespace]
        mine = [m for m in home if m.spec.provider_ref.name == provider.metadata.name]
        by_id: dict[str, list[Model]] = defaultdict(list)
        for model in mine:
            by_id[model.spec.model].append(model)
        names = frozenset(model.metadata.name for model in home)
        return cls(tuple(mine), by_id, names, provider.metadata.name)


def _fate(listed: ListedModel, known: _Known, discovery: Discovery) -> Fate:
    twins = known.by_id.get(listed.id, ())
    if listed.retired or not _included(listed.id, discovery) or not _writable(listed.id):
        return Fate.SKIPPED
    if any(not is_discovered(model) for model in twins):
        return Fate.SKIPPED
    if twins:
        vendor = StatedFacts.of(listed.facts)
        same = all(model.status.vendor == vendor and not model.status.stale for model in twins)
        return Fate.UNCHANGED if same else Fate.UPDATED
    taken = discovered_name(known.provider, listed.id) in known.names
    return Fate.SKIPPED if taken else Fate.CREATED


def _wanted(listed: ListedModel, provider: LLMProvider) -> bool:
    """Whether a discovered Model of this row is current: callable, and not left out since."""
    return not listed.retired and _included(listed.id, provider.spec.discovery)


def _included(vendor_id: str, discovery: Discovery) -> bool:
    taken = not discovery.include or _matches(vendor_id, discovery.include)
    return taken and not _matches(vendor_id, discovery.exclude)


def _matches(vendor_id: str, globs: Iterable[str]) -> bool:
    return any(fnmatchcase(vendor_id, glob) for glob in globs)


def _writable(vendor_id: str) -> bool:
    """Whether `Model.spec.model` may hold the id; the API server would refuse it otherwise."""
    try:
        VENDOR_ID.check(vendor_id)
    except ValueError:
        return False
    return True


def _new(provider: LLMProvider, listed: ListedModel, now: str) -> Model:
    """A discovered Model: its spec holds its identity alone, so that a user may add to it."""
    metadata = provider.metadata
    owner = OwnerReference(
        api_version=API_VERSION,
        kind=LLMProvider.definition.kind,
        name=metadata.name,
        uid=metadata.uid,
        controller=True,
    )
    return Model(
        metadata=ObjectMeta(
            name=discovered_name(metadata.name, listed.id),
            namespace=metadata.namespace,
            labels=dict(MARK),
            owner_references=(owner,),
        ),
        spec=ModelSpec(provider_ref=LocalReference(name=metadata.name), model=listed.id),
        status=ModelStatus(
            source=ModelSource.DISCOVERED,
            vendor=StatedFacts.of(listed.facts),
            last_seen_at=now,
        ),
    )


def _status(
    model: Model,
    listed: Mapping[str, ListedModel],
    served: Mapping[str, ListedModel],
    provider: LLMProvider,
    now: str,
) -> ModelStatus:
    """The status after the listing: the vendor's facts, and whether the model is still there.

    A Model written by hand is never stale: its user knows ids that no list holds, such as aliases.
    """
    before = model.status
    row = listed.get(model.spec.model)
    vendor = StatedFacts.of(row.facts) if row is not None else before.vendor
    stale = is_discovered(model) and model.spec.model not in served
    seen = before.last_seen_at
    if stale != before.stale:
        seen = (_last_listing(provider) or seen or now) if stale else now
    return before.model_copy(update={"vendor": vendor, "stale": stale, "last_seen_at": seen})


def _last_listing(provider: LLMProvider) -> str | None:
    """When the model that is gone now was surely still there."""
    return provider.status.sync.last_synced_at if provider.status.sync else None


def _sync(provider: LLMProvider, fates: Mapping[str, Fate], stale: int, now: str) -> SyncStatus:
    counts = {fate: list(fates.values()).count(fate) for fate in Fate}
    after = SyncStatus(
        discovered=len(fates),
        created=counts[Fate.CREATED],
        updated=counts[Fate.UPDATED],
        unchanged=counts[Fate.UNCHANGED],
        skipped=counts[Fate.SKIPPED],
        stale=stale,
        last_synced_at=now,
    )
    before = provider.status.sync
    return before if before is not None and _nothing_new(before, after) else after


def _nothing_new(before: SyncStatus, after: SyncStatus) -> bool:
    """Whether the listing changed nothing: then its time is for the metrics, not for a write."""
    moved = after.created or after.updated
    same = (before.discovered, before.skipped, before.stale) == (
        after.discovered,
        after.skipped,
        after.stale,
    )
    return same and not moved
