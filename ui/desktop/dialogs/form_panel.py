"""A panel that asks: any form of data, with its button.  Ctrl+Enter sends it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout

from ui.desktop.forms.half_filled import Half
from ui.desktop.forms.rows import FormRow
from ui.desktop.forms.view import FormBox
from ui.desktop.shortcuts import Act, key_of
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.buttons import KeyButton
from ui.desktop.widgets.cards import Rule
from ui.desktop.widgets.faces import ButtonFace, Span
from ui.desktop.widgets.labels import plain
from ui.desktop.widgets.panels import Panel

_DISCARD = ButtonFace("Discard")
TWICE_MS = 2000
"""Within this long the second press discards."""


class FormPanel(Panel):
    """``sent``, ``kept`` and ``discarded`` carry the form's key; ask :meth:`values` for what is written.

    ``changed`` carries the form's subject and one field at a time, with the heads it was typed over, for forms
    that save as one types.  ``half`` is where what is written and not sent stays; what is half filled says so
    at the foot, and is discarded only by two presses within two seconds.
    """

    sent = Signal(str)
    kept = Signal(str)
    discarded = Signal(str)
    changed = Signal(str, str, str, str)

    def __init__(self, look: Look, form: FormRow, half: Half | None = None) -> None:
        super().__init__(look, form.title)
        self._form = FormRow("", "")
        self.box = FormBox(look, half)
        self.box.changed.connect(self.changed)
        self.box.built.connect(self._order_tabs)
        self._send = KeyButton(look, ButtonFace("Send"))
        self._keep = KeyButton(look, ButtonFace("Keep for later"))
        self._state = plain(look, "", Type.CAPTION, ink=Ink.SECONDARY)
        self._discard = KeyButton(look, _DISCARD)
        self._armed = QTimer(self)
        self._armed.setSingleShot(True)
        self._armed.setInterval(TWICE_MS)
        self._armed.timeout.connect(self._disarm)
        self._send.clicked.connect(self.send)
        self._keep.clicked.connect(self._kept)
        self._discard.clicked.connect(self._discarded)
        self._show_kept("")
        self.body.addWidget(self.box, 1)
        # What scrolls ends at a line, so that words cut by it are seen to go on.
        self.body.addWidget(Rule(look))
        self.body.addSpacing(8)
        foot = QHBoxLayout()
        foot.addWidget(self._state)
        foot.addWidget(self._discard)
        foot.addStretch(1)
        foot.setSpacing(8)
        foot.addWidget(self._keep)
        foot.addWidget(self._send)
        self.body.addLayout(foot)
        self.first = self.closing
        self.show_form(form)

    @property
    def form(self) -> FormRow:
        """What is asked now."""
        return self._form

    def show_form(self, form: FormRow) -> None:
        """Show ``form``; where it comes after the panel opened, the focus goes into it."""
        self._show_kept(form.kept)
        form = replace(form, kept="")
        if form == self._form:
            return
        waiting = self.closing.hasFocus() and not self._form.sections
        self._form = form
        self.setAccessibleName(form.title)
        self.show_title((Span(form.title, Weight.SEMIBOLD),))
        self.box.show_form(form)
        self._send.show_face(ButtonFace(form.send, key_of(Act.FINISH), filled=True, enabled=bool(form.sections)))
        self._keep.show_face(ButtonFace(form.second or "Keep for later", key_of(Act.KEEP)))
        self._keep.setVisible(bool(form.second))
        if waiting and form.sections:
            self.focus()

    @property
    def state(self) -> str:
        """How far what is half filled here is kept, in words; empty where nothing is."""
        return self._state.text()

    def send(self) -> None:
        """Send what is written, if there is a form."""
        if self._form.sections:
            self.box.flush()
            self.sent.emit(self._form.key)

    def _kept(self) -> None:
        self.kept.emit(self._form.key)

    def _show_kept(self, words: str) -> None:
        if self._discard.hasFocus() and not words:
            self.closing.setFocus(Qt.FocusReason.OtherFocusReason)
        self._state.say(words)
        self._state.setVisible(bool(words))
        self._discard.setVisible(bool(words))

    def _discarded(self) -> None:
        if self._armed.isActive():
            self._disarm()
            self.discarded.emit(self._form.key)
        else:
            self._armed.start()
            self._discard.show_face(replace(_DISCARD, text="Again to discard", lit=True))

    def _disarm(self) -> None:
        self._armed.stop()
        self._discard.show_face(_DISCARD)

    def focus(self) -> None:
        """Put the focus on the first field that is still to fill in, else on the first; with none, on what sends."""
        if self._form.sections and not self.box.stops():
            self._send.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.box.focus_lacking()

    def _order_tabs(self) -> None:
        """From the parts to the fields and then to the buttons; Close comes last."""
        order = (*self.box.stops(), self._keep, self._send, self._discard, self.closing)
        for before, after in zip(order, order[1:], strict=False):
            self.setTabOrder(before, after)
