// Comfort only: every page works without it.
"use strict";

// One click, one change.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// Offers the browser's time zone where another one is chosen.
for (const place of document.querySelectorAll("[data-browser-zone]")) {
  const select = place.querySelector("select");
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone || select.value === zone || ![...select.options].some((option) => option.value === zone)) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link";
  button.textContent = place.dataset.browserZone.replace("ZONE", zone);
  button.addEventListener("click", () => {
    select.value = zone;
    button.remove();
    select.focus();
  });
  place.append(button);
}

// Who types a code of his own has chosen to.
for (const code of document.querySelectorAll("input[name=code]")) {
  const own = code.form.querySelector("input[name=choice][value=own]");
  code.addEventListener("input", () => { own.checked = true; });
}

// What is about to be different is looked at again.
if (document.querySelector("[data-reload]")) setTimeout(() => location.reload(), 3000);

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A menu closes when its user turns to something else.
for (const menu of document.querySelectorAll(".more")) {
  const close = (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  };
  document.addEventListener("click", close);
  document.addEventListener("focusin", close);
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

// What is wrong is read out and seen first.
document.querySelector("[aria-invalid=true]")?.focus();
