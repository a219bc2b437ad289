"""What a window manager does when somebody clicks the button that closes a window: asks the window politely.

Usage: DISPLAY=:99 close_window.py TITLE. Asks every top-level window of that title; says how many it asked.
"""

import ctypes
import sys

x = ctypes.CDLL("libX11.so.6")
Window = ctypes.c_ulong
for name, answer in (("XOpenDisplay", ctypes.c_void_p), ("XDefaultRootWindow", Window), ("XInternAtom", ctypes.c_ulong)):
    getattr(x, name).restype = answer


class ClientMessage(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", Window),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        # An XEvent is as large as its largest member.
        ("rest", ctypes.c_long * 24),
    ]


def children(display, window):
    root, parent, count = Window(), Window(), ctypes.c_uint()
    found = ctypes.POINTER(Window)()
    x.XQueryTree(display, window, *map(ctypes.byref, (root, parent, found, count)))
    return [found[at] for at in range(count.value)]


def title(display, window):
    name = ctypes.c_char_p()
    x.XFetchName(display, Window(window), ctypes.byref(name))
    return (name.value or b"").decode()


display = ctypes.c_void_p(x.XOpenDisplay(None))
root = Window(x.XDefaultRootWindow(display))
protocols = x.XInternAtom(display, b"WM_PROTOCOLS", 0)
delete = x.XInternAtom(display, b"WM_DELETE_WINDOW", 0)
asked = 0
for window in children(display, root):
    if title(display, window) == sys.argv[1]:
        data = (ctypes.c_long * 5)(delete, 0, 0, 0, 0)
        event = ClientMessage(33, 0, 1, display.value, window, protocols, 32, data)
        x.XSendEvent(display, Window(window), 0, ctypes.c_long(0), ctypes.byref(event))
        asked += 1
x.XSync(display, 0)
print(asked)
