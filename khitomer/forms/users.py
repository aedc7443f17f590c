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
AGAIN_HELP = "The same once more, against slips."
ADDRESS_HELP = "Used only to let you set a new password. It counts once you have opened the link sent to it."


def _plain_words(form: forms.BaseForm, first: str, second: str, label: str) -> None:
    """Django lists its rules as HTML; ours are one sentence that fits under the field."""
    form.fields[first].label = label
    form.fields[first].help_text = PASSWORD_HELP
    form.fields[second].label = f"{label} again"
    form.fields[second].help_text = AGAIN_HELP


class SignInForm(AuthenticationForm):
    """A sign-in name in any case, and a password. The answer is the same whichever of the two is wrong."""

    error_messages = {
        "invalid_login": "That name and that password do not go together. Capitals matter in the password alone.",
        "inactive": "That name and that password do not go together. Capitals matter in the password alone.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Sign-in name"

    def clean_username(self) -> str:
        # In one case, so that the throttle counts FEDERATION and federation as one name.
        return str(self.cleaned_data["username"]).lower()


class SignUpForm(BaseUserCreationForm):
    """A new account. The address is no field of the record yet: whether another has it is nobody's business here."""

    email = forms.EmailField(label="E-mail", required=False, max_length=254, help_text=ADDRESS_HELP)

    class Meta:
        model = User
        fields = ("username", "name")
        labels = {"username": "Sign-in name", "name": "Name at the table"}
        help_texts = {
            "username": "Letters, digits and @ . + - _. Kept in lower case.",
            "name": "How the others see you: your own name, or your character's.",
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
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class ChangePasswordForm(PasswordChangeForm):
    error_messages = {
        **SetPasswordForm.error_messages,
        "password_incorrect": "That is not your password as it stands.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "Password now"
        _plain_words(self, "new_password1", "new_password2", "New password")


class NewPasswordForm(SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain_words(self, "new_password1", "new_password2", "New password")


class ForgottenForm(PasswordResetForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "E-mail"
        self.fields["email"].help_text = "The address on your account."
