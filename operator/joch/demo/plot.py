"""The names in `examples/demo/`: who is who in the story."""

from joch.local.vendors import VendorSpec

ACME = VendorSpec("acme", "openai", ("acme-large-1", "acme-small-1"))
GLOBEX = VendorSpec("globex", "anthropic", ("globex-pro-2", "globex-mini-2"))
VENDORS = (ACME, GLOBEX)

NAMESPACE = "demo"
CONVERSATION = "landscape-report"
ROUTE = "research"
GATEWAY = "gateway"
OPERATOR_ACCOUNT = "joch-operator"

FIRST_BACKEND = "acme:large"
OVERSEAS_BACKEND = "globex:mini"
SECOND_BACKEND = "globex:pro"
FIRST_MODEL = "acme-large-1"
SECOND_MODEL = "globex-pro-2"

FIRST_QUESTION = "Which of the five competitors should the report describe first, and why?"
SECOND_QUESTION = "What is our goal, and has the survey been sent already?"
