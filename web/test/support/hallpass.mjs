// The page in a test. Every query waits for its result; nothing waits for a fixed time.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

export class Hallpass {
  requests = [];
  #page;
  #faults = [];
  #complains = false;

  static async open(context, address) {
    const hallpass = new Hallpass();
    hallpass.#page = await context.newPage();
    hallpass.#page.on("request", (request) => hallpass.requests.push(request.url()));
    hallpass.#page.on("pageerror", (error) => hallpass.#faults.push(error.message));
    hallpass.#page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) hallpass.#faults.push(message.text());
    });
    await hallpass.#page.goto(address);
    await hallpass.settled(/./);
    return hallpass;
  }

  another(address) {
    return Hallpass.open(this.#page.context(), address);
  }

  /** The browser had nothing to complain of. */
  assertCalm() {
    if (!this.#complains) assert.deepEqual(this.#faults, []);
  }

  /** Waits until nothing is open and the verdict is as expected; gives the verdict. */
  async settled(expected) {
    const pattern = expected instanceof RegExp ? expected.source : `^${expected}$`;
    await this.#page.waitForFunction(
      (pattern) => {
        const status = document.getElementById("status");
        const text = document.getElementById("status-text")?.textContent ?? "";
        return status !== null && !status.hasAttribute("data-busy") && text !== "Starting" && new RegExp(pattern).test(text);
      },
      pattern,
    );
    return this.status();
  }

  status() {
    return this.text("#status-text");
  }

  busy() {
    return this.#page.locator("#status").evaluate((status) => status.hasAttribute("data-busy"));
  }

  count(selector) {
    return this.#page.locator(selector).count();
  }

  texts(selector) {
    return this.#page.locator(selector).allTextContents();
  }

  text(selector) {
    return this.#page.locator(selector).first().textContent();
  }

  value(selector) {
    return this.#page.locator(selector).inputValue();
  }

  attribute(selector, name) {
    return this.#page.locator(selector).getAttribute(name);
  }

  /** The names of the side's files. */
  tabs(side) {
    return this.texts(`#${side}-tabs .name > :last-child`);
  }

  /** The name of the focused element, as screen readers say it. */
  focusedName() {
    return this.#page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent);
  }

  field(selector, value) {
    return this.#page.locator(selector).fill(value);
  }

  click(selector) {
    return this.#page.locator(selector).first().click();
  }

  hover(selector) {
    return this.#page.locator(selector).first().hover();
  }

  focus(selector) {
    return this.#page.locator(selector).first().focus();
  }

  press(key) {
    return this.#page.keyboard.press(key);
  }

  type(text) {
    return this.#page.keyboard.insertText(text);
  }

  waitFor(selector) {
    return this.#page.locator(selector).waitFor();
  }

  visible(selector) {
    return this.#page.locator(selector).isVisible();
  }

  enabled(selector) {
    return this.#page.locator(selector).isEnabled();
  }

  /** Whether the whole element is on the screen. */
  async inView(selector) {
    const { x, y, width, height } = await this.box(selector);
    const screen = this.#page.viewportSize();
    return x >= 0 && y >= 0 && x + width <= screen.width && y + height <= screen.height;
  }

  /** The width of the side's longest line, and that of its editor. */
  editorWidth(side) {
    return this.#page.locator(`#${side}-editor .cm-scroller`).evaluate((scroller) => ({ content: scroller.scrollWidth, visible: scroller.clientWidth }));
  }

  /** Waits for a condition that the page reaches by itself. */
  async until(condition) {
    while (!(await condition())) await this.#page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }

  focused() {
    return this.#page.evaluate(() => document.activeElement?.className);
  }

  example(title) {
    return this.#page.locator("#examples").selectOption({ label: title });
  }

  #editor(side) {
    return this.#page.locator(`#${side}-editor .cm-content`);
  }

  /** Replaces the text of the side's editor, as a person does. */
  async write(side, text) {
    await this.#editor(side).click();
    await this.press("Control+a");
    if (text === "") await this.press("Delete");
    else await this.type(text);
  }

  content(side) {
    return this.#editor(side).evaluate((element) => element.cmTile.view.state.doc.toString());
  }

  /** Selects from one offset to another. */
  async goTo(side, anchor, head) {
    await this.#editor(side).evaluate(
      (element, selection) => {
        element.cmTile.view.dispatch({ selection });
        element.cmTile.view.focus();
      },
      { anchor, head },
    );
  }

  selection(side) {
    return this.#editor(side).evaluate((element) => {
      const { state, hasFocus } = element.cmTile.view;
      const { from, to } = state.selection.main;
      return { line: state.doc.lineAt(from).number, text: state.sliceDoc(from, to), focused: hasFocus };
    });
  }

  /** Drops files of these names and contents, text or bytes, on a side. */
  async drop(side, files) {
    const transfer = await this.#page.evaluateHandle((files) => {
      const transfer = new DataTransfer();
      for (const [name, content] of files) {
        transfer.items.add(new File([typeof content === "string" ? content : Uint8Array.from(content)], name));
      }
      return transfer;
    }, files);
    for (const event of ["dragenter", "dragover", "drop"]) {
      await this.#page.locator(`#${side}-editor .cm-content`).dispatchEvent(event, { dataTransfer: transfer });
    }
  }

  /** Stops the worker as a debugger does, until `resume`. */
  async pauseWorker() {
    const session = await this.#page.context().newCDPSession(this.#page);
    const attached = new Promise((resolve) => session.once("Target.attachedToTarget", resolve));
    await session.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
    const { sessionId } = await attached;
    let last = 0;
    const replies = new Map();
    session.on("Target.receivedMessageFromTarget", ({ message }) => {
      const { id, method } = JSON.parse(message);
      replies.get(id ?? method)?.();
    });
    const send = (method) => {
      const id = ++last;
      const replied = new Promise((resolve) => replies.set(id, resolve));
      const message = JSON.stringify({ id, method });
      return session.send("Target.sendMessageToTarget", { sessionId, message }).then(() => replied);
    };
    await send("Debugger.enable");
    // It stops at the next line that it runs, which is at the next request.
    await send("Debugger.pause");
    return { resume: () => send("Debugger.resume") };
  }

  /** Whether a request to another origin is refused. */
  fetchElsewhere() {
    // The browser logs the blocked requests.
    this.#complains = true;
    return this.#page.evaluate(() =>
      fetch("http://127.0.0.1:9/").then(
        () => false,
        () =>
          new Promise((resolve) => {
            document.addEventListener("securitypolicyviolation", (event) => resolve(event.blockedURI.startsWith("http://127.0.0.1:9")), { once: true });
            new Image().src = "http://127.0.0.1:9/";
          }),
      ),
    );
  }

  /** What the page has left in the browser. */
  stored() {
    return this.#page.evaluate(async () => {
      // Without an origin, there is no storage.
      const length = (storage) => {
        try {
          return storage().length;
        } catch {
          return 0;
        }
      };
      return {
        local: length(() => localStorage),
        session: length(() => sessionStorage),
        cookie: document.cookie,
        databases: (await indexedDB.databases()).length,
      };
    });
  }

  async violations(axe) {
    await this.#page.evaluate(axe);
    return this.#page.evaluate(async () => {
      const { violations } = await window.axe.run();
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join("; ")}`);
    });
  }

  /** The numbers of the lines that the side's editor shows in full. */
  lines(side) {
    return this.#page.locator(`#${side}-editor`).evaluate((editor) => {
      const { top, bottom } = editor.getBoundingClientRect();
      const least = Math.max(top, 0);
      const most = Math.min(bottom, innerHeight);
      const numbers = [...editor.querySelectorAll(".cm-lineNumbers .cm-gutterElement")].filter((element) => {
        const box = element.getBoundingClientRect();
        return box.height > 0 && box.top >= least - 1 && box.bottom <= most + 1;
      });
      return numbers.map((element) => Number(element.textContent));
    });
  }

  /** Waits until the side's editor shows this line first. */
  async showsFirst(side, line) {
    await this.#page.waitForFunction(
      ([side, line]) => {
        const { view } = document.querySelector(`#${side}-editor .cm-content`).cmTile;
        const block = view.lineBlockAtHeight(view.scrollDOM.scrollTop + 1 - view.documentPadding.top);
        return view.state.doc.lineAt(block.from).number === line;
      },
      [side, line],
    );
  }

  /** Scrolls the side's editor so that this line is first. */
  async scroll(side, line) {
    await this.#editor(side).evaluate((element, line) => {
      const { view } = element.cmTile;
      view.scrollDOM.scrollTop = view.lineBlockAt(view.state.doc.line(line).from).top + view.documentPadding.top;
    }, line);
    await this.showsFirst(side, line);
  }

  /** Width and height of an element. */
  async box(selector) {
    return this.#page.locator(selector).boundingBox();
  }

  async drag(selector, x, y) {
    const box = await this.box(selector);
    await this.#page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await this.#page.mouse.down();
    await this.#page.mouse.move(box.x + box.width / 2 + x, box.y + box.height / 2 + y, { steps: 4 });
    await this.#page.mouse.up();
  }

  doubleClick(selector) {
    return this.#page.locator(selector).dblclick();
  }

  /** Clicks, and returns the name and text of the file that the browser downloads. */
  async download(selector) {
    const [download] = await Promise.all([this.#page.waitForEvent("download"), this.click(selector)]);
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
  }

  clipboard() {
    return this.#page.evaluate(() => navigator.clipboard.readText());
  }

  /** Follows a link to the page itself with another fragment. */
  follow(fragment) {
    return this.#page.evaluate((fragment) => void (location.hash = fragment), fragment);
  }

  /** Reloads; returns the kinds of dialogs that the browser shows. */
  async reload() {
    const kinds = [];
    const accept = (dialog) => {
      kinds.push(dialog.type());
      return dialog.accept();
    };
    this.#page.on("dialog", accept);
    await this.#page.reload();
    this.#page.off("dialog", accept);
    return kinds;
  }

  scrollsSideways() {
    return this.#page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  }
}
