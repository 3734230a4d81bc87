"""Every kind of the API. A new kind is a module beside this one and a line here."""

from joch.api.base import Resource
from joch.api.conversation import Conversation
from joch.api.llmgateway import LLMGateway
from joch.api.llmprovider import LLMProvider
from joch.api.model import Model
from joch.api.modelroute import ModelRoute
from joch.api.statecheckpoint import StateCheckpoint

KINDS: tuple[type[Resource], ...] = (
    LLMProvider,
    Model,
    ModelRoute,
    Conversation,
    StateCheckpoint,
    LLMGateway,
)
