"""Timers on the GUI thread, behind the port that services use."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer

from console.ports.clock import Timer


class _QtTimer:
    def __init__(self, timer: QTimer) -> None:
        self._timer: QTimer | None = timer

    def cancel(self) -> None:
        """Forget it; harmless when it has already run."""
        if self._timer is not None:
            self._timer.stop()
            self._timer.deleteLater()
            self._timer = None


class QtAlarm(QObject):
    """Runs things later on the GUI thread; everything stops with :meth:`stop`."""

    def __init__(self) -> None:
        super().__init__()
        self._stopped = False

    def after(self, seconds: float, act: Callable[[], None]) -> Timer:
        """Run ``act`` once, ``seconds`` from now."""
        timer = self._make(seconds)
        timer.setSingleShot(True)
        handle = _QtTimer(timer)

        def ring() -> None:
            handle.cancel()
            act()

        return self._start(timer, handle, ring)

    def every(self, seconds: float, act: Callable[[], None]) -> Timer:
        """Run ``act`` again and again until cancelled."""
        timer = self._make(seconds)
        return self._start(timer, _QtTimer(timer), act)

    def stop(self) -> None:
        """Cancel every timer, and start none from now on."""
        self._stopped = True
        for timer in self.findChildren(QTimer):
            timer.stop()

    def _make(self, seconds: float) -> QTimer:
        timer = QTimer(self)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.setInterval(max(0, round(seconds * 1000)))
        return timer

    def _start(self, timer: QTimer, handle: _QtTimer, act: Callable[[], None]) -> Timer:
        timer.timeout.connect(act)
        if not self._stopped:
            timer.start()
        return handle
