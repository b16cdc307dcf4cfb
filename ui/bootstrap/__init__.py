"""The one place that names concrete stores, switchboards and machine services (architecture.md 7.3)."""
