"""The Windows console: whether there is one, and whether it takes escape sequences. Other systems have none to ask."""

from __future__ import annotations

import sys

STD_INPUT_HANDLE, STD_OUTPUT_HANDLE = -10, -11
ENABLE_VIRTUAL_TERMINAL_PROCESSING = 0x0004


def has_console() -> bool:
    """Return whether keys can be read and screens painted here; on Windows, escape sequences are then understood.

    Git Bash (mintty), PyCharm and `< NUL` may look like terminals to Python but are no console; prompt_toolkit raises
    `NoConsoleScreenBufferError` there. A console of before Windows 10, or set to "legacy", knows no escape sequence.
    Where it does, they are off by default in conhost and must be turned on
    (https://learn.microsoft.com/windows/console/console-virtual-terminal-sequences). prompt_toolkit does so around each
    of its own writes (output/windows10.py); Rich, which paints our screens, only looks whether it was done
    (rich/_windows.py). So it is done here, once, and undone when the process ends.
    """
    if sys.platform != "win32":
        return True
    import atexit
    import ctypes

    try:
        kernel32 = ctypes.windll.kernel32
        keyboard, screen = (ctypes.c_void_p(kernel32.GetStdHandle(n)) for n in (STD_INPUT_HANDLE, STD_OUTPUT_HANDLE))
        mode, room = ctypes.c_ulong(), ctypes.create_string_buffer(22)  # the size of a CONSOLE_SCREEN_BUFFER_INFO
        if not (
            kernel32.GetConsoleMode(keyboard, ctypes.byref(mode))
            and kernel32.GetConsoleMode(screen, ctypes.byref(mode))
            and kernel32.GetConsoleScreenBufferInfo(screen, room)  # what prompt_toolkit asks
            and kernel32.SetConsoleMode(screen, mode.value | ENABLE_VIRTUAL_TERMINAL_PROCESSING)
        ):
            return False
    except (AttributeError, OSError):  # a Windows without these
        return False
    atexit.register(kernel32.SetConsoleMode, screen, mode.value)
    return True
