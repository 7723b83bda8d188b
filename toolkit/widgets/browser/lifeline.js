// Says when the kernel behind an app is gone, and keeps what stood in its form until the cell runs again.
function initialize({ model }) {
  // What was typed before the kernel asked is under way when it hears the answer.
  const answer = (content) => {
    if (content.type === "settle") model.send({ type: "settled", number: content.number });
  };
  model.on("msg:custom", answer);
  return () => model.off("msg:custom", answer);
}
function render({ model, el }) {
  // An app is known again by how it began; of those that begin alike, by its place among them.
  const app = `toolkit:${location.pathname}:${model.get("name")}:${model.get("origin")}`;
  el.className = "toolkit-lifeline";
  el.dataset.app = app;
  const note = document.createElement("div");
  note.setAttribute("role", "alert");
  el.append(note);

  let key = app, timer = 0;
  const gone = () => {
    sessionStorage.setItem(key, JSON.stringify(model.get("settings")));
    note.textContent = "The kernel of this app was restarted or has ended. Run this cell again to go on: what stood in the form is kept.";
    note.className = "toolkit-gone";
  };
  const restore = () => {
    if (!el.isConnected) {
      // Only on the page it has a place.
      timer = setTimeout(restore, 50);
      return;
    }
    const alike = [...document.querySelectorAll(".toolkit-lifeline")].filter((other) => other.dataset.app === app);
    key = `${app}:${alike.indexOf(el)}`;
    const kept = sessionStorage.getItem(key);
    if (!kept) return;
    sessionStorage.removeItem(key);
    model.send({ type: "restore", settings: JSON.parse(kept) });
  };
  // The first word of the tie after an app is shown is that it is cut.
  model.on("comm_live_update", gone);
  restore();
  return () => { clearTimeout(timer); model.off("comm_live_update", gone); };
}
export default { initialize, render };
