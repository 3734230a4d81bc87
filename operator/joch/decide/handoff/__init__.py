"""The request with which a conversation goes on at another backend: `build` makes and reads it."""
