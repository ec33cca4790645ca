// The theme: light, dark, or the system's. It is not remembered, because the page stores nothing.

const dark = matchMedia("(prefers-color-scheme: dark)");

export function themeButton(button: HTMLElement): void {
  const root = document.documentElement;
  const isDark = () => (root.dataset["theme"] ?? (dark.matches ? "dark" : "light")) === "dark";
  const label = () => button.setAttribute("aria-label", isDark() ? "Light colors" : "Dark colors");
  button.addEventListener("click", () => {
    root.dataset["theme"] = isDark() ? "light" : "dark";
    label();
  });
  dark.addEventListener("change", label);
  label();
}
