"""Contact types as data: see :mod:`console.domain.forms.registry`."""
