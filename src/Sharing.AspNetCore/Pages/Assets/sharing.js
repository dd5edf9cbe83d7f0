// The pages work without this. With it, a download shows how far it is, the library's state stays up to date, and times are local.
const SMALL = 256 * 1024 * 1024; // what is larger is left to the browser's own download, which does not keep it in memory

const WORDS = {
  stored: "The offline library has it: the download does not need the origin.",
  fetching: "The offline library is fetching it. You can download it already.",
  failed: "The offline library could not fetch it; it comes straight from its origin.",
};

function size(bytes) {
  const units = ["bytes", "kB", "MB", "GB"];
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

/** Follows how far the offline library is, until it has the resource or gives up. */
function follow(box) {
  const words = box.closest("article")?.querySelector("[data-library]");
  if (!words) {
    return;
  }

  const events = new EventSource(box.dataset.events);
  events.addEventListener("state", (event) => {
    const { state } = JSON.parse(event.data);
    if (WORDS[state] && words.parentElement.dataset.state !== state) {
      words.textContent = WORDS[state];
      words.parentElement.dataset.state = state;
    }

    if (state !== "fetching") {
      events.close();
    }
  });
  events.addEventListener("end", () => events.close());
  addEventListener("pagehide", () => events.close());
}

/** A bar, figures, a button to stop, and words for those who listen: they are told seldom. */
class Progress {
  constructor(box, name, stop) {
    this.bar = element("progress", { "aria-label": `Download of ${name}` });
    this.figures = element("span");
    this.speed = element("span");
    this.told = element("span", { class: "hidden", role: "status" });
    this.cancel = element("button", { type: "button", class: "button quiet" }, "Stop");
    this.cancel.addEventListener("click", stop);
    this.line = element("p", {}, this.figures, this.speed);
    this.all = element("div", { class: "progress" }, this.bar, this.line, this.told, element("div", {}, this.cancel));
    box.parentElement.querySelector(".progress")?.remove();
    box.after(this.all);
    this.started = this.marked = performance.now();
    this.markedBytes = 0;
    this.quarter = 0;
  }

  show(bytes, total) {
    const now = performance.now();
    if (total) {
      this.bar.max = total;
      this.bar.value = bytes;
      const quarter = Math.floor((bytes / total) * 4);
      if (quarter > this.quarter && quarter < 4) {
        this.quarter = quarter;
        this.told.textContent = `${quarter * 25} percent`;
      }
    }

    this.figures.textContent = total ? `${size(bytes)} of ${size(total)}` : size(bytes);
    if (now - this.marked >= 500) {
      const rate = ((bytes - this.markedBytes) * 1000) / (now - this.marked);
      this.rate = this.rate ? this.rate * 0.6 + rate * 0.4 : rate;
      this.speed.textContent = `${size(this.rate)}/s`;
      [this.marked, this.markedBytes] = [now, bytes];
    }
  }

  end(words) {
    this.bar.remove();
    this.cancel.parentElement.remove();
    this.line.replaceChildren(words);
    this.told.textContent = words;
  }
}

/** Reads an answer to its end, showing how far it is; returns null if it turns out to be too large to keep. */
async function read(answer, progress) {
  const total = Number(answer.headers.get("content-length")) || 0;
  if (total >= SMALL) {
    return null;
  }

  const parts = [];
  let bytes = 0;
  const reader = answer.body.getReader();
  const shown = setInterval(() => progress.show(bytes, total), 150); // by the clock, so that a stall shows, too
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return { bytes, blob: new Blob(parts, { type: "application/octet-stream" }) };
      }

      parts.push(value);
      bytes += value.length;
      if (bytes >= SMALL) {
        return null;
      }
    }
  } finally {
    clearInterval(shown);
  }
}

function save(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = element("a", { href: address, download: name, hidden: "" });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

async function download(link, name) {
  const stop = new AbortController();
  let stopped = false;
  const progress = new Progress(link.closest("[data-download]"), name, () => {
    stopped = true;
    stop.abort();
  });
  progress.show(0, 0);
  try {
    const answer = await fetch(link.href, { signal: stop.signal });
    const got = answer.ok && answer.body ? await read(answer, progress) : null;
    if (got) {
      save(got.blob, name);
      const seconds = (performance.now() - progress.started) / 1000;
      progress.end(`Saved ${name}: ${size(got.bytes)} in ${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s.`);
    } else {
      // Too large, or a page that says what is wrong: both are the browser's.
      stop.abort();
      progress.all.remove();
      location.assign(link.href);
    }
  } catch (error) {
    progress.end(stopped ? "Stopped." : "The connection broke. Please try again.");
    if (!stopped) {
      console.warn(error);
    }
  }
}

for (const box of document.querySelectorAll("[data-download]")) {
  const link = box.querySelector("[data-link]");
  let running = false;
  link.addEventListener("click", async (event) => {
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!plain || Number(box.dataset.length) >= SMALL || new URL(link.href).origin !== location.origin) {
      return;
    }

    event.preventDefault();
    if (!running) {
      running = true;
      link.setAttribute("aria-disabled", "true");
      await download(link, box.dataset.name);
      link.removeAttribute("aria-disabled");
      running = false;
    }
  });
  if (box.dataset.events) {
    follow(box);
  }
}

for (const time of document.querySelectorAll("time[datetime]")) {
  time.title = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" }).format(new Date(time.dateTime));
}
