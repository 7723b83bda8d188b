// A text field for SQL with the colours of the notebook's own editors: the text is transparent, and its coloured copy lies below it.
const GRAMMAR = /('(?:[^']|'')*'?)|("(?:[^"]|"")*"?)|(--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(\b\d+(?:\.\d+)?(?:e[+-]?\d+)?\b)|(\b(?:select|from|where|and|or|not|in|is|null|like|escape|between|as|on|with|group|order|by|having|limit|offset|join|cross|left|right|full|inner|outer|unnest|ordinality|union|all|distinct|case|when|then|else|end|cast|try|try_cast|true|false|date|timestamp|interval|asc|desc|exists|over|partition|values|row|array|map|filter|explain|analyze)\b)/gi;
const KINDS = [null, "string", "def", "comment", "number", "keyword"];
const COLOURS = { string: "#ba2121", def: "#00f", comment: "#376e6e", number: "#080", keyword: "#008000" };

function coloured(text) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(GRAMMAR)) {
    parts.push(document.createTextNode(text.slice(end, found.index)));
    const kind = KINDS.find((_, number) => number && found[number] !== undefined);
    const span = document.createElement("span");
    span.style.color = `var(--jp-mirror-editor-${kind}-color, ${COLOURS[kind]})`;
    if (kind === "keyword") span.style.fontWeight = "bold";
    span.textContent = found[0];
    parts.push(span);
    end = found.index + found[0].length;
  }
  // The last line break takes a line only if something follows it.
  parts.push(document.createTextNode(`${text.slice(end)}\n`));
  return parts;
}

function render({ model, el }) {
  el.classList.add("toolkit-sql");
  const box = document.createElement("div");
  const copy = document.createElement("pre");
  copy.setAttribute("aria-hidden", "true");
  const field = document.createElement("textarea");
  field.spellcheck = false;
  field.placeholder = "The query that the form makes comes here; you may change it, or write your own.";
  field.setAttribute("aria-label", model.get("label"));
  field.setAttribute("autocapitalize", "off");
  box.append(copy, field);
  el.append(box);
  let timer = 0;

  function paint() {
    copy.replaceChildren(...coloured(field.value));
    field.style.height = `${Math.max(copy.scrollHeight, 120)}px`;
  }
  function send() {
    clearTimeout(timer);
    if (field.value !== model.get("value")) {
      model.set("value", field.value);
      model.save_changes();
    }
  }
  field.addEventListener("input", () => { paint(); clearTimeout(timer); timer = setTimeout(send, 400); });
  field.addEventListener("blur", send);
  field.addEventListener("keydown", (event) => {
    // Enter alone is a new line, Tab goes on to the next control, and the notebook sees neither.
    event.stopPropagation();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
      model.send({ run: true });
    }
  });
  const take = () => { if (field.value !== model.get("value")) { field.value = model.get("value"); paint(); } };
  model.on("change:value", take);
  field.value = model.get("value");
  paint();
  // In a tab that is not shown yet nothing has a height.
  new ResizeObserver(paint).observe(box);
}
export default { render };
