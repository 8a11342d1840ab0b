"""What people do on a page, by the names that forms and addresses have in every language."""

from __future__ import annotations

from playwright.sync_api import Locator, Page


def send(page: Page, **values: str | bool) -> None:
    """Fill in the page's form, send it, and wait for the page that comes of it."""
    form = page.locator("main form[method=post]")
    for name, value in values.items():
        fill(form.locator(f"[name={name}]"), value)
    with page.expect_navigation():
        form.locator("button.btn-primary, button.btn-danger").click()


def fill(field: Locator, value: str | bool) -> None:
    """Give a field a value: text, what is chosen, or whether it is ticked."""
    if isinstance(value, bool):
        field.set_checked(value)
    elif field.first.get_attribute("type") == "radio":
        field.and_(field.page.locator(f"[value={value}]")).check()
    elif field.evaluate("field => field.tagName") == "SELECT":
        field.select_option(value)
    else:
        field.fill(value)


def follow(page: Page, address: str) -> None:
    """Follow the first link of the page's content whose address ends like this."""
    with page.expect_navigation():
        page.locator(f"main a[href$='{address}']").first.click()


def refused(page: Page) -> list[str]:
    """What the page says against what was filled in."""
    return page.locator(".notice-bad, .error").all_inner_texts()
