// Says when the kernel behind an app is gone, and keeps what stood in its form until the cell runs again.
function render({ model, el }) {
  const key = `toolkit:${location.pathname}:${model.get("name")}`;
  el.className = "toolkit-lifeline";
  const note = document.createElement("div");
  note.setAttribute("role", "alert");
  el.append(note);

  const keep = () => {
    const settings = model.get("settings");
    sessionStorage.setItem(key, JSON.stringify(settings));
  };
  // The first word of the tie after an app is shown is that it is cut.
  const gone = () => {
    keep();
    note.textContent = "The kernel of this app was restarted or has ended. Run this cell again to go on: what stood in the form is kept.";
    note.className = "toolkit-gone";
  };
  const restore = () => {
    const kept = sessionStorage.getItem(key);
    if (!kept) return;
    sessionStorage.removeItem(key);
    model.send({ type: "restore", settings: JSON.parse(kept) });
  };
  model.on("comm_live_update", gone);
  restore();
  return () => model.off("comm_live_update", gone);
}
export default { render };
