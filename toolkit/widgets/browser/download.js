// A button that fetches a file of the kernel in chunks and hands it to the browser as a download.
function render({ model, el }) {
  const button = document.createElement("button");
  button.className = "jupyter-button widget-button toolkit-button";
  const show = () => {
    button.textContent = model.get("label");
    // Not disabled, which would lose the focus; without a file a click says so.
    button.setAttribute("aria-disabled", String(!model.get("ready")));
  };
  let parts = [];
  const onMessage = (message, buffers) => {
    if (message.type === "part") {
      parts.push(buffers[0]);
      model.send({ type: "next", offset: message.offset + buffers[0].byteLength });
    } else if (message.type === "done") {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob(parts, { type: message.mime }));
      link.download = message.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
      parts = [];
    }
  };
  button.addEventListener("click", () => {
    if (!model.get("ready")) return;
    parts = [];
    model.send({ type: "next", offset: 0 });
  });
  model.on("msg:custom", onMessage);
  model.on("change:label change:ready", show);
  show();
  el.append(button);
  return () => { model.off("msg:custom", onMessage); model.off("change:label change:ready", show); };
}
export default { render };
