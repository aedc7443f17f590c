"""What is read when a person signs in, signs up or keeps their account."""

from typing import Any

from django import forms
from django.contrib.auth.forms import (
    AuthenticationForm,
    BaseUserCreationForm,
    PasswordChangeForm,
    PasswordResetForm,
    SetPasswordForm,
)

from khitomer.models import User

PASSWORD_HELP = (
    "At least eight characters: not digits alone, not a common password, nothing like your sign-in name."
)
NEEDED = "This is needed."
MISMATCH = {"password_mismatch": "The two passwords differ."}
NO_ADDRESS = {"invalid": "That is no e-mail address: it looks like name@example.org."}
AGAIN_HELP = "The same once more, against slips."
ADDRESS_HELP = "Used only to let you set a new password. It counts once you have opened the link sent to it."


def _plain_words(form: forms.BaseForm, first: str, second: str, label: str) -> None:
    """Django lists its rules as HTML; ours are one sentence that fits under the field."""
    _needed(form)
    form.fields[first].label = label
    form.fields[first].help_text = PASSWORD_HELP
    form.fields[second].label = f"{label} again"
    form.fields[second].help_text = AGAIN_HELP


def _needed(form: forms.BaseForm) -> None:
    """Django's own forms may have been made before our words for what is left empty were known."""
    for field in form.fields.values():
        field.error_messages["required"] = NEEDED


class SignInForm(AuthenticationForm):
    """A sign-in name in any case, and a password. The answer is the same whichever of the two is wrong."""

    error_messages = {
        "invalid_login": "That name and that password do not go together. Capitals matter in the password alone.",
        "inactive": "That name and that password do not go together. Capitals matter in the password alone.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _needed(self)
        self.fields["username"].label = "Sign-in name"

    def clean_username(self) -> str:
        # In one case, so that the throttle counts FEDERATION and federation as one name. Nobody has a longer name than
        # an account may have, and the throttle could not write it down.
        name = str(self.cleaned_data["username"]).lower()
        if len(name) > (self.username_field.max_length or 0):
            raise forms.ValidationError(self.error_messages["invalid_login"])
        return name


class SignUpForm(BaseUserCreationForm):
    """A new account. The address is no field of the record yet: whether another has it is nobody's business here."""

    error_messages = MISMATCH

    email = forms.EmailField(
        label="E-mail", required=False, max_length=254, help_text=ADDRESS_HELP, error_messages=NO_ADDRESS
    )

    class Meta:
        model = User
        fields = ("username", "name")
        labels = {"username": "Sign-in name", "name": "Name at the table"}
        help_texts = {
            "username": "Letters, digits and @ . + - _. Kept in lower case.",
            "name": "How the others see you: your own name, or your character's.",
        }
        error_messages = {
            "username": {"invalid": "A sign-in name has letters, digits and @ . + - _ and nothing else."}
        }

    field_order = ("username", "name", "email", "password1", "password2")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain_words(self, "password1", "password2", "Password")
        self.fields["name"].widget.attrs["autocomplete"] = "nickname"
        self.fields["email"].widget.attrs["autocomplete"] = "email"

    def clean_username(self) -> str:
        username = str(self.cleaned_data["username"]).lower()
        if User.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError("That sign-in name is taken. Choose another.")
        return username


class AccountForm(forms.Form):
    """The name at the table and the address."""

    name = forms.CharField(
        label="Name at the table",
        max_length=60,
        help_text="How the others see you.",
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    email = forms.EmailField(
        label="E-mail",
        required=False,
        max_length=254,
        help_text=ADDRESS_HELP,
        error_messages=NO_ADDRESS,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class ChangePasswordForm(PasswordChangeForm):
    error_messages = {
        **MISMATCH,
        "password_incorrect": "That is not your password as it stands.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "Password now"
        _plain_words(self, "new_password1", "new_password2", "New password")


class NewPasswordForm(SetPasswordForm):
    error_messages = MISMATCH

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain_words(self, "new_password1", "new_password2", "New password")


class ForgottenForm(PasswordResetForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _needed(self)
        self.fields["email"].label = "E-mail"
        self.fields["email"].error_messages |= NO_ADDRESS
        self.fields["email"].help_text = "The address on your account."
