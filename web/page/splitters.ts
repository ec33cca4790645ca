// The handles between the panes. They resize the two panes next to them by mouse, touch or arrow keys.

import { byId } from "./dom";

/** Pixels: the least size of a pane, and the step of an arrow key. */
const LEAST = 120;
const STEP = 24;

/** Narrower, the verdict is below the editors. The same as in page.css. */
const stacked = matchMedia("(max-width: 74rem)");

const main = document.querySelector("main") ?? document.body;
const panes = { manifests: byId("manifests"), allowlists: byId("allowlists"), verdict: byId("verdict") };

interface Split {
  handle: HTMLElement;
  vertical: boolean;
  sizes(): [number, number];
  apply(first: number, second: number): void;
  reset(): void;
}

const width = (pane: HTMLElement) => pane.getBoundingClientRect().width;
const height = (pane: HTMLElement) => pane.getBoundingClientRect().height;

/** Sets the columns. In units of the editors' mean width, because the stacked layout has no third column. */
function columns(manifests: number, allowlists: number, verdict?: number): void {
  const unit = (manifests + allowlists) / 2;
  main.style.setProperty("--manifests", `minmax(0, ${manifests / unit}fr)`);
  main.style.setProperty("--allowlists", `minmax(0, ${allowlists / unit}fr)`);
  if (verdict !== undefined) main.style.setProperty("--verdict", `minmax(0, ${verdict / unit}fr)`);
}

function rows(editors: number, verdict: number): void {
  main.style.setProperty("--editors-row", `minmax(0, ${editors}fr)`);
  main.style.setProperty("--verdict-row", `minmax(0, ${verdict}fr)`);
}

function unset(...names: string[]): void {
  for (const name of names) main.style.removeProperty(`--${name}`);
}

function splits(): Split[] {
  const { manifests, allowlists, verdict } = panes;
  const editors: Split = {
    handle: byId("split-editors"),
    vertical: true,
    sizes: () => [width(manifests), width(allowlists)],
    apply: (first, second) => columns(first, second, stacked.matches ? undefined : width(verdict)),
    reset: () => unset("manifests", "allowlists"),
  };
  const handle = byId("split-verdict");
  if (stacked.matches) {
    return [editors, { handle, vertical: false, sizes: () => [height(manifests), height(verdict)], apply: rows, reset: () => unset("editors-row", "verdict-row") }];
  }
  return [
    editors,
    {
      handle,
      vertical: true,
      sizes: () => [width(allowlists), width(verdict)],
      apply: (first, second) => columns(width(manifests), first, second),
      reset: () => unset("manifests", "allowlists", "verdict"),
    },
  ];
}

function describe(): void {
  for (const { handle, vertical, sizes } of splits()) {
    const [first, second] = sizes();
    handle.setAttribute("aria-orientation", vertical ? "vertical" : "horizontal");
    handle.setAttribute("aria-valuenow", String(Math.round((100 * first) / (first + second || 1))));
  }
}

function resize({ apply }: Split, [first, second]: [number, number], change: number): void {
  const least = Math.min(LEAST, first, second);
  const size = Math.min(Math.max(first + change, least), first + second - least);
  apply(size, first + second - size);
  describe();
}

export function splitters(): void {
  for (const index of [0, 1] as const) {
    const split = () => splits()[index] as Split;
    const { handle } = split();
    let drag: { split: Split; from: number; sizes: [number, number] } | undefined;
    const at = (event: PointerEvent, { vertical }: Split) => (vertical ? event.clientX : event.clientY);
    handle.addEventListener("pointerdown", (event) => {
      const dragged = split();
      drag = { split: dragged, from: at(event, dragged), sizes: dragged.sizes() };
      handle.setPointerCapture(event.pointerId);
      event.preventDefault();
      handle.focus();
    });
    handle.addEventListener("pointermove", (event) => {
      if (drag !== undefined) resize(drag.split, drag.sizes, at(event, drag.split) - drag.from);
    });
    for (const end of ["pointerup", "pointercancel"]) handle.addEventListener(end, () => (drag = undefined));
    handle.addEventListener("dblclick", () => {
      split().reset();
      describe();
    });
    handle.addEventListener("keydown", (event) => {
      const resized = split();
      const [less, more] = resized.vertical ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
      if (event.key !== less && event.key !== more) return;
      event.preventDefault();
      resize(resized, resized.sizes(), event.key === less ? -STEP : STEP);
    });
  }
  addEventListener("resize", describe);
  describe();
}
