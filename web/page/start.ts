// The first script of the page: starts the worker and compiles the module while the rest of the page loads.

import { start } from "./engine";

globalThis.hallpassWorker = start();
