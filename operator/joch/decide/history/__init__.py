"""The records of switches: what they tell of a conversation, and when they may go."""
