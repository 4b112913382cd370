"""What each explainer has to return, written from its paper without sharing its code.

`CLOSED_FORMS` has one entry per explainer, by class name: a function from the known world to the
maps that `explain` returns with default settings. Each family has a module `closed_form_*.py`.
"""

import importlib
from pathlib import Path

MODULES = sorted(path.stem for path in Path(__file__).parent.glob("closed_form_*.py"))
CLOSED_FORMS = {
    name: form
    for module in MODULES
    for name, form in importlib.import_module(module).CLOSED_FORMS.items()
}
