"""The core of the conference bridge: models, rules, use cases, adapters, the pont command."""
