// The first script of the page: the worker starts and the module is compiled while the rest of the page is on its way.

import { start } from "./engine";

globalThis.hallpassWorker = start();
