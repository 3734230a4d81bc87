"""One module a provider type, pure: requests as data, answers judged; `observe` signs and sends."""
