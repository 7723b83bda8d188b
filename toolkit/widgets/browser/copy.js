// A button that puts a text on the clipboard.
function render({ model, el }) {
  const button = document.createElement("button");
  button.className = "jupyter-button widget-button toolkit-button";
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  said.className = "toolkit-said";
  const show = () => {
    button.textContent = model.get("label");
    button.setAttribute("aria-disabled", String(!model.get("text")));
    said.textContent = "";
  };
  button.addEventListener("click", async () => {
    const text = model.get("text");
    if (!text) return;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without HTTPS browsers have no clipboard for pages, but still copy what is selected.
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      button.focus();
    }
    said.textContent = "Copied";
  });
  model.on("change:label change:text", show);
  show();
  el.append(button, said);
  return () => model.off("change:label change:text", show);
}
export default { render };
