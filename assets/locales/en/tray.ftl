# The icon in the tray: its state and its menu.

tray-on = Connected · alarms arrive
tray-offline = Offline · alarms are paused
tray-no-key = No key is open · alarms are paused
tray-show = Show Gridkey
tray-lock = Lock the screen
tray-quit = Quit and log the key out
