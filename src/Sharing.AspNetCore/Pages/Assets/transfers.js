// Follows a transfer: the map, the sources and the figures are drawn again as they change. Without this the page is what it was when it was asked for.
const MOST_CELLS = 512;
const COLOURS = 8;
const STATES = { h: "here", p: "partial", a: "asked", m: "missing" };
const KINDS = { server: "server", origin: "origin", peer: "terminal" };

function size(bytes) {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let unit = 0;
  while (bytes >= 999.5 && unit < units.length - 1) {
    bytes /= 1000;
    unit++;
  }

  return `${unit === 0 || bytes >= 99.5 ? Math.round(bytes) : Math.round(bytes * 10) / 10} ${units[unit]}`;
}

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }

  made.append(...children);
  return made;
}

const letter = (source) => (source < 0 ? "" : source < 26 ? String.fromCharCode(65 + source) : "+");
const seconds = (value) => `${value.toFixed(3)} s`;

/** Reads runs like "h0*12,h3,m*5". */
function chunksOf(view) {
  const chunks = [];
  for (const run of view.chunks ? view.chunks.split(",") : []) {
    const [what, times] = run.split("*");
    const chunk = { state: STATES[what[0]], source: what.length > 1 ? Number(what.slice(1)) : -1 };
    for (let i = 0; i < Number(times ?? 1) && chunks.length < view.count; i++) {
      chunks.push(chunk);
    }
  }

  return chunks;
}

/** What most chunks of a cell are. */
function most(chunks, first, end) {
  const counts = new Map();
  let best = chunks[first];
  for (const chunk of chunks.slice(first, end)) {
    const key = chunk.state + chunk.source;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    best = counts.get(key) > counts.get(best.state + best.source) ? chunk : best;
  }

  return best;
}

function nameOf(view, first, end, { state, source }) {
  const from = view.sources[source]?.name;
  const words = {
    here: from ? `: from ${from}` : ": was here before", partial: `: partly here, ${from}`, asked: `: asked for, ${from}`, missing: ": missing",
  };
  return (end - first === 1 ? `Chunk ${first}` : `Chunks ${first} to ${end - 1}`) + words[state];
}

class Transfer {
  constructor(box) {
    this.box = box;
    this.part = (name) => box.querySelector(`[data-${name}]`);
    this.cells = this.part("cells");
    this.input = box.querySelector("#chunk");
    this.quarter = 0;
    this.cells.addEventListener("click", (event) => this.choose(event, event.target.closest(".cell")));
    this.cells.addEventListener("keydown", (event) => this.move(event));
    box.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.explain(Number(this.input.value));
    });
    this.rove(this.cells.firstElementChild);
  }

  /** One cell is in the order of tabs; the arrows lead to the others. */
  rove(cell) {
    for (const other of this.cells.children) {
      other.tabIndex = other === cell ? 0 : -1;
    }
  }

  choose(event, cell) {
    if (cell) {
      event.preventDefault();
      this.rove(cell);
      this.input.value = cell.dataset.chunk;
      this.explain(Number(cell.dataset.chunk));
    }
  }

  move(event) {
    const cells = [...this.cells.children];
    const columns = cells.filter((cell) => cell.offsetTop === cells[0].offsetTop).length;
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, Home: -cells.length, End: cells.length }[event.key];
    const at = cells.indexOf(document.activeElement);
    if (step && at >= 0) {
      event.preventDefault();
      const next = cells[Math.min(cells.length - 1, Math.max(0, at + step))];
      this.rove(next);
      next.focus();
    }
  }

  async explain(chunk) {
    const answer = await fetch(`${this.box.dataset.transfer}/chunks/${chunk}`);
    const choice = answer.ok ? await answer.json() : null;
    if (!choice) {
      this.part("why").replaceChildren(element("p", {}, `Chunk ${chunk}: nobody was asked for it yet, or it was here before.`));
      return;
    }

    const head = ["Source", "Waiting", "Latency", "Transfer", "Price", "In all"].map((name) => element("th", { scope: "col" }, name));
    const rows = choice.compared.map(({ source, cost }) => element("tr", {}, element("th", { scope: "row" }, source), ...(cost
      ? [cost.waiting, cost.latency, cost.transfer, cost.price, cost.total].map((value) => element("td", {}, seconds(value)))
      : [element("td", { colspan: "5" }, "the selector does not say")])));
    this.part("why").replaceChildren(
      element("p", {}, `Chunk ${chunk}: ${choice.text}`),
      element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "What was compared" },
        element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows))),
    );
  }

  show(view) {
    const percent = view.length === 0 ? 100 : Math.floor((100 * view.done) / view.length);
    this.part("done").textContent = `${size(view.done)} of ${size(view.length)} (${percent} %)`;
    this.part("rate").textContent = view.bytesPerSecond > 0 ? `${size(view.bytesPerSecond)}/s` : "";
    if (Math.floor(percent / 25) > this.quarter) {
      this.quarter = Math.floor(percent / 25);
      this.part("told").textContent = `${this.quarter * 25} percent`;
    }

    this.draw(view, chunksOf(view));
    const all = Math.max(1, view.sources.reduce((sum, source) => sum + source.bytesBrought - source.bytesWasted, 0));
    this.part("sources").replaceChildren(...view.sources.map((source, place) => this.line(source, place, all)));
    this.input.max = Math.max(0, view.count - 1);
  }

  draw(view, chunks) {
    const each = Math.max(1, Math.ceil(chunks.length / MOST_CELLS));
    const count = Math.ceil(chunks.length / each);
    while (this.cells.children.length > count) {
      this.cells.lastElementChild.remove();
    }

    for (let at = 0; at < count; at++) {
      const [first, end] = [at * each, Math.min(chunks.length, (at + 1) * each)];
      const chunk = most(chunks, first, end);
      const cell = this.cells.children[at] ?? this.cells.appendChild(element("a", { tabindex: at === 0 ? "0" : "-1" }));
      const look = `cell ${chunk.state}${chunk.source < 0 ? "" : ` s${chunk.source % COLOURS}`}`;
      const name = nameOf(view, first, end, chunk);
      if (cell.className !== look || cell.ariaLabel !== name) {
        cell.className = look;
        cell.href = `${this.box.dataset.transfer}?chunk=${first}`;
        cell.dataset.chunk = first;
        cell.setAttribute("aria-label", name);
        cell.textContent = letter(chunk.source);
      }
    }
  }

  line(source, place, all) {
    const share = Math.floor((100 * Math.max(0, source.bytesBrought - source.bytesWasted)) / all);
    const line = element("span", { class: "line" },
      element("span", { class: `cell here s${place % COLOURS}`, "aria-hidden": "true" }, letter(place)), element("strong", {}, source.name), element("span", { class: "facts" }, KINDS[source.kind]));
    if (source.isDropped || source.queuedBytes > 0) {
      line.append(element("span", { class: source.isDropped ? "pill bad" : "pill good" }, source.isDropped ? "Dropped" : "Asked"));
    }

    const item = element("li", {}, line, element("span", { class: "facts" },
      `${size(source.bytesPerSecond)}/s, ${Math.round(source.latency * 1000)} ms, ${share} %: ${size(source.bytesBrought)} brought, ${size(source.bytesWasted)} wasted`));
    if (source.reason) {
      item.append(element("span", { class: "facts" }, source.reason));
    }

    return item;
  }

  follow() {
    const events = new EventSource(`${this.box.dataset.transfer}/events`);
    events.addEventListener("state", (event) => this.show(JSON.parse(event.data)));
    events.addEventListener("end", () => {
      this.part("rate").textContent = "Complete, or stopped.";
      events.close();
    });
    addEventListener("pagehide", () => events.close());
  }
}

for (const box of document.querySelectorAll("[data-transfer]")) {
  new Transfer(box).follow();
}
