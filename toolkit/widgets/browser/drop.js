// A place for files of any size: sent in chunks, a few in flight, each confirmed by the kernel.
const CHUNK = 512 * 1024;
const IN_FLIGHT = 4;

function render({ model, el }) {
  el.classList.add("toolkit-drop");
  const zone = document.createElement("label");
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  input.setAttribute("aria-label", model.get("label"));
  const words = document.createElement("span");
  words.textContent = model.get("label");
  const status = document.createElement("div");
  status.setAttribute("role", "status");
  zone.append(words, input);
  el.append(zone, status);

  const tell = () => { status.textContent = model.get("status"); };
  let confirm = () => {};
  const onMessage = (message) => { if (message.type === "ack" || message.type === "failed") confirm(message); };
  model.on("msg:custom", onMessage);
  model.on("change:status", tell);
  tell();

  let sending = false, next = [];
  async function send(files) {
    if (!files.length) return;
    // The last drop counts; it waits until the kernel has the one before it.
    if (sending) { next = files; return; }
    sending = true;
    try {
      model.send({ type: "begin" });
      for (const [number, file] of files.entries()) {
        let waiting = 0, done = 0, failed = false, wake = () => {};
        confirm = (message) => { waiting -= 1; failed ||= message.type === "failed"; wake(); };
        const room = async (most) => { while (waiting > most && !failed) await new Promise((go) => { wake = go; }); };
        model.send({ type: "start", name: file.name, size: file.size });
        for (let start = 0; start < file.size && !failed; start += CHUNK) {
          const chunk = await file.slice(start, start + CHUNK).arrayBuffer();
          waiting += 1;
          model.send({ type: "chunk" }, undefined, [chunk]);
          await room(IN_FLIGHT - 1);
          done = Math.min(start + CHUNK, file.size);
          status.textContent = `${file.name}: ${Math.round((100 * done) / file.size)} % of ${(file.size / 1e6).toFixed(1)} MB`;
        }
        await room(0);
        if (failed) return;
        model.send({ type: "end", last: number === files.length - 1 });
      }
    } catch (error) {
      status.textContent = `The file could not be read: ${error.message}`;
    } finally {
      sending = false;
      input.value = "";
      const waiting = next;
      next = [];
      send(waiting);
    }
  }

  const stop = (event) => { event.preventDefault(); event.stopPropagation(); };
  zone.addEventListener("dragover", (event) => { stop(event); zone.classList.add("toolkit-over"); });
  zone.addEventListener("dragleave", () => zone.classList.remove("toolkit-over"));
  zone.addEventListener("drop", (event) => { stop(event); zone.classList.remove("toolkit-over"); send([...event.dataTransfer.files]); });
  input.addEventListener("change", () => send([...input.files]));
  return () => { model.off("msg:custom", onMessage); model.off("change:status", tell); };
}
export default { render };
