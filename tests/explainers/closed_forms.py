"""What each explainer has to return, written from its paper without sharing its code.

`CLOSED_FORMS` has one entry per explainer, by class name: a function from the known world to the
maps that `explain` returns with default settings. Each family has a module `closed_form_*.py`.
Where it says `WORLD = "transformer"`, its explainers are checked on that world, and `SETTINGS` has
the settings without which an explainer would explain several layers.
"""

import importlib
from pathlib import Path

MODULES = sorted(path.stem for path in Path(__file__).parent.glob("closed_form_*.py"))
FAMILIES = [importlib.import_module(module) for module in MODULES]
CLOSED_FORMS = {name: form for one in FAMILIES for name, form in one.CLOSED_FORMS.items()}
WORLDS = {
    name: getattr(one, "WORLD", "convolution") for one in FAMILIES for name in one.CLOSED_FORMS
}
SETTINGS = {
    name: settings for one in FAMILIES for name, settings in getattr(one, "SETTINGS", {}).items()
}
