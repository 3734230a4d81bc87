"""An operator whose API server is not there: what it decides to do can be seen, and fails."""

from collections.abc import AsyncIterator

import pytest
from kubernetes.aio.client.configuration import Configuration

from joch.api.llmgateway import LLMGateway
from joch.api.llmprovider import LLMProvider
from joch.apply.writer import Writer
from joch.handlers.metrics import Metrics
from joch.handlers.operator import Operator, utc_now
from joch.handlers.queue import KeyedQueue
from joch.handlers.runtime import WORK
from joch.observe.api_server import ApiServer
from joch.observe.cache import Cache
from joch.observe.gateway_watch import GatewayWatch
from joch.observe.http import new_client
from joch.observe.provider_watch import ProviderWatch


@pytest.fixture
async def operator() -> AsyncIterator[Operator]:
    """One whose workers do not run: what is queued stays queued."""
    server = ApiServer(Configuration(host="http://127.0.0.1:9"))
    queues = {each.kind: KeyedQueue(each.kind.definition.plural) for each in WORK}
    metrics = Metrics.make()
    async with new_client() as asking:
        yield Operator(
            server=server,
            cache=Cache(),
            writer=Writer(server, lambda: True),
            queues=queues,
            watch=ProviderWatch(server, asking, queues[LLMProvider].add, metrics.probed, utc_now),
            gateways=GatewayWatch(asking, queues[LLMGateway].add),
            instance="test",
            metrics=metrics,
        )
    await server.close()
