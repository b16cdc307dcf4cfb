"""What people are to one another (domain.md 8.2): the kinds of tie, and each one's other side."""

from __future__ import annotations

from collections.abc import Mapping

RELATIONSHIPS: Mapping[str, str] = {
    "mother": "child",
    "father": "child",
    "parent": "child",
    "child": "parent",
    "step_parent": "step_child",
    "step_child": "step_parent",
    "foster_carer": "foster_child",
    "foster_child": "foster_carer",
    "special_guardian": "child",
    "grandparent": "grandchild",
    "grandchild": "grandparent",
    "brother": "sibling",
    "sister": "sibling",
    "sibling": "sibling",
    "wife": "husband",
    "husband": "wife",
    "partner": "partner",
    "former_partner": "former_partner",
    "aunt_or_uncle": "niece_or_nephew",
    "niece_or_nephew": "aunt_or_uncle",
    "carer": "cared_for",
    "cared_for": "carer",
    "friend": "friend",
    "neighbour": "neighbour",
    "other": "other",
}
"""What the other is to the person: what the person is to the other where the file does not say."""
CONTACT_RULES = ("none", "supervised", "allowed")
"""domain.md 8.2; empty where nothing is said."""


def relation_words(kind: str) -> str:
    """Return a kind as it is said: ``foster carer``."""
    return kind.replace("_", " ")
