"""Forms of the ground: the way in, people and posts."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm as BaseAuthenticationForm
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.forms import AuthenticationForm

from .access import roles_of
from .models import PERMISSIONS, Post, User


class LoginForm(AuthenticationForm):
    """One login for both sites: who has a role comes in, and is led to where it belongs."""

    error_messages = {
        **BaseAuthenticationForm.error_messages,
        "no_role": gettext_lazy("This account has no role yet. Ask your shop's owner or the platform."),
    }

    def confirm_login_allowed(self, user):
        BaseAuthenticationForm.confirm_login_allowed(self, user)
        if not roles_of(user) and not user.is_superuser:
            raise ValidationError(self.error_messages["no_role"], code="no_role")


class MemberPostForm(forms.Form):
    """A member's post, one of the shop's."""

    post = forms.ModelChoiceField(
        label=gettext_lazy("Post"), queryset=Post.everything.none(), empty_label=gettext_lazy("Choose a post")
    )

    def __init__(self, *args, shop, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["post"].queryset = Post.objects.of(shop)


class ExistingMemberForm(MemberPostForm):
    """Somebody who has a login already."""

    username = forms.CharField(label=gettext_lazy("User name"), max_length=150, strip=True)
    field_order = ["username", "post"]


class NewMemberForm(MemberPostForm):
    """Somebody who gets a new login."""

    username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=150,
        validators=[User.username_validator],
        help_text=gettext_lazy("For logging in: letters, digits and @ . + - _ only."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=150)
    password = forms.CharField(
        label=gettext_lazy("First password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    field_order = ["username", "name", "password", "post"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = "\n".join(password_validators_help_texts())

    def clean(self):
        cleaned = super().clean()
        if password := cleaned.get("password"):
            person = User(username=cleaned.get("username", ""), first_name=cleaned.get("name", ""))
            try:
                validate_password(password, person)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class PostForm(forms.Form):
    """A post's name and what it may do."""

    name = forms.CharField(label=gettext_lazy("Name of the post"), max_length=40)
    permissions = forms.MultipleChoiceField(
        label=gettext_lazy("This post may"),
        choices=list(PERMISSIONS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Everybody may read. A change takes effect at once."),
    )

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        if not name:
            raise ValidationError(_("A post needs a name."))
        return name
