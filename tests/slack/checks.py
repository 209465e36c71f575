"""What the checks of blocks and views share: texts, lengths, and which keys a thing may have."""

from typing import Any

from tests.slack.mrkdwn import World, faults_of_text

JSON = dict[str, Any]

# what may be in a thing of each type; "!" marks what must
KEYS: dict[str, str] = {
    "section": "text fields accessory expand",
    "header": "text!",
    "divider": "",
    "image": "alt_text! image_url slack_file title",
    "context": "elements!",
    "actions": "elements!",
    "input": "label! element! dispatch_action hint optional",
    "markdown": "text!",
    "table": "rows! column_settings",
    "rich_text": "elements!",
    "button": "text! action_id value url style confirm accessibility_label",
    "static_select": "options option_groups initial_option placeholder action_id confirm "
    "focus_on_load",
    "multi_static_select": "options option_groups initial_options placeholder action_id confirm "
    "focus_on_load max_selected_items",
    "external_select": "placeholder action_id confirm focus_on_load min_query_length "
    "initial_option",
    "users_select": "placeholder action_id confirm focus_on_load initial_user",
    "conversations_select": "placeholder action_id confirm focus_on_load initial_conversation "
    "default_to_current_conversation filter response_url_enabled",
    "channels_select": "placeholder action_id confirm focus_on_load initial_channel "
    "response_url_enabled",
    "overflow": "options! action_id confirm",
    "radio_buttons": "options! action_id confirm initial_option focus_on_load",
    "checkboxes": "options! action_id confirm initial_options focus_on_load",
    "datepicker": "action_id initial_date placeholder confirm focus_on_load",
    "timepicker": "action_id initial_time placeholder confirm focus_on_load timezone",
    "plain_text_input": "action_id initial_value multiline min_length max_length placeholder "
    "dispatch_action_config focus_on_load",
    "number_input": "is_decimal_allowed! action_id initial_value min_value max_value placeholder "
    "dispatch_action_config focus_on_load",
    "email_text_input": "action_id initial_value placeholder dispatch_action_config focus_on_load",
    "url_text_input": "action_id initial_value placeholder dispatch_action_config focus_on_load",
}


def of_text(text: Any, most: int, name: str, world: World) -> list[str]:
    """A text object of either kind."""
    if isinstance(text, dict) and text.get("type") == "mrkdwn":
        faults = of_keys(text, "text! verbatim", name)
        faults += of_string(text, "text", most, name, is_needed=True)
        return faults + [f"{name}: {f}" for f in faults_of_text(str(text.get("text", "")), world)]
    return of_label(text, most, name)


def of_label(text: Any, most: int, name: str) -> list[str]:
    """Plain text, which is what most labels must be."""
    if not isinstance(text, dict) or text.get("type") != "plain_text":
        return [f"{name} is no plain text: {text!r:.80}"]
    faults = of_keys(text, "text! emoji", name)
    return faults + of_string(text, "text", most, name, is_needed=True)


def size(text: str) -> int:
    """How long a text is to Slack, whose clients count UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def of_string(
    of: JSON,
    key: str,
    most: int,
    where: str,
    *,
    is_needed: bool = False,
    may_be_empty: bool = False,
) -> list[str]:
    if key not in of:
        return [f"{where} has no {key}"] if is_needed else []
    text = of[key]
    if not isinstance(text, str):
        return [f"{key} of {where} is no text: {text!r:.80}"]
    if not text.strip() and not may_be_empty:
        return [f"{key} of {where} is empty"]
    length = size(text)
    return [f"{key} of {where} has {length} of {most} characters"] if length > most else []


def of_keys(of: JSON, keys: str, where: str) -> list[str]:
    known = {key.rstrip("!") for key in keys.split()} | {"type"}
    needed = [key[:-1] for key in keys.split() if key.endswith("!")]
    faults = [f"{where} knows no {key!r}" for key in of if key not in known]
    faults += [f"{where} has no {key}" for key in needed if key not in of]
    return faults + [f"{key} of {where} is null" for key, value in of.items() if value is None]
