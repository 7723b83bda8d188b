// A tree of columns with a checkbox each: `columns` has name, label, type, depth and whether children follow; `value` the names that are checked.
function render({ model, el }) {
  const open = new Set();
  el.classList.add("toolkit-tree");
  const find = document.createElement("input");
  find.type = "search";
  find.placeholder = "Find a column";
  find.setAttribute("aria-label", "Find a column");
  const list = document.createElement("ul");
  list.setAttribute("aria-label", model.get("label"));
  el.append(find, list);
  let rows = [];

  function toggle(name) {
    open.has(name) ? open.delete(name) : open.add(name);
    show();
  }

  function build() {
    list.replaceChildren();
    if (!model.get("columns").length) {
      const none = document.createElement("li");
      none.className = "toolkit-none";
      none.textContent = "The columns of the table come here.";
      list.append(none);
    }
    const parents = [];
    rows = model.get("columns").map((column) => {
      parents.length = column.depth;
      const item = document.createElement("li");
      item.style.paddingLeft = `${column.depth * 18 + 2}px`;
      const arrow = document.createElement("button");
      arrow.type = "button";
      if (column.children) {
        arrow.setAttribute("aria-label", `Fields of ${column.name}`);
        arrow.addEventListener("click", () => toggle(column.name));
      } else {
        arrow.hidden = true;
      }
      const label = document.createElement("label");
      const box = document.createElement("input");
      box.type = "checkbox";
      box.addEventListener("change", () => {
        const chosen = new Set(model.get("value"));
        box.checked ? chosen.add(column.name) : chosen.delete(column.name);
        model.set("value", model.get("columns").map((other) => other.name).filter((name) => chosen.has(name)));
        model.save_changes();
      });
      const name = document.createElement("span");
      name.className = "toolkit-name";
      name.textContent = column.label;
      name.title = column.name;
      const type = document.createElement("span");
      type.className = "toolkit-type";
      type.textContent = column.type;
      type.title = column.type;
      label.append(box, name, type);
      item.append(arrow, label);
      list.append(item);
      const row = { column, item, arrow, box, parents: [...parents] };
      parents.push(column.name);
      return row;
    });
    check();
    show();
  }

  function check() {
    const chosen = new Set(model.get("value"));
    for (const { column, box } of rows) box.checked = chosen.has(column.name);
  }

  function show() {
    const word = find.value.trim().toLowerCase();
    for (const { column, item, arrow, parents } of rows) {
      item.hidden = word ? !column.name.toLowerCase().includes(word) : !parents.every((name) => open.has(name));
      arrow.textContent = open.has(column.name) ? "▾" : "▸";
      arrow.setAttribute("aria-expanded", String(open.has(column.name)));
    }
  }

  function reveal() {
    // What was chosen from Python is not hidden.
    const chosen = new Set(model.get("value"));
    for (const { column, parents } of rows) if (chosen.has(column.name)) parents.forEach((name) => open.add(name));
  }

  find.addEventListener("input", show);
  model.on("change:columns", () => { open.clear(); build(); reveal(); show(); });
  model.on("change:value", () => { check(); reveal(); show(); });
  build();
  reveal();
  show();
}
export default { render };
