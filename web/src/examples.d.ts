// `examples.mjs` makes them, while the page is built.

import type { Linked } from "./permalink";

export interface Example extends Linked {
  group: string;
  title: string;
}

export const examples: Example[];
