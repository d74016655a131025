"""Vision-language checkpoints of transformers."""
