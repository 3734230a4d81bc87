"""The only readers: cluster cache, probes and listings, transcripts → frozen inputs."""
