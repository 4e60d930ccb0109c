"""Forms for customers and participants: their fields in order, and the validation of answers."""

from musement_async.forms.fields import FormField
from musement_async.forms.form import Form

__all__ = ["Form", "FormField"]
