// The contents of the page in the fragment of its URL, which browsers do not send to servers.

import type { Input } from "./judge";

const PREFIX = "#1.";

/** The contents of a link. */
export type Linked = Pick<Input, "options"> & Record<"manifests" | "allowlists", { name: string; content: string }[]>;

export async function encode(linked: Linked): Promise<string> {
  const text = new Blob([JSON.stringify(linked)]);
  const packed = await bytes(text.stream().pipeThrough(new CompressionStream("deflate-raw")));
  let binary = "";
  for (const byte of packed) binary += String.fromCharCode(byte);
  return PREFIX + btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Decodes the fragment; `undefined` if there is none. */
export async function decode(fragment: string): Promise<Linked | undefined> {
  if (fragment === "" || fragment === "#") return undefined;
  if (!fragment.startsWith(PREFIX)) throw new Error("it is none of this version of the page");
  const binary = atob(fragment.slice(PREFIX.length).replaceAll("-", "+").replaceAll("_", "/"));
  const packed = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const text = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return checked(JSON.parse(new TextDecoder().decode(await bytes(text))));
}

/** Limits the size, because a short link can decompress to more than the available memory. */
const LIMIT = 128 * 1024 * 1024;

async function bytes(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > LIMIT) throw new Error("it unpacks to more than 128 MB");
    chunks.push(next.value);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** Validates the contents, because anyone can create a link. */
function checked(value: unknown): Linked {
  const { manifests, allowlists, options } = (value ?? {}) as Partial<Linked>;
  const files = (list: unknown): list is Linked["manifests"] =>
    Array.isArray(list) && list.every((file) => typeof file?.name === "string" && typeof file?.content === "string");
  if (!files(manifests) || !files(allowlists)) throw new Error("it holds no manifests");
  const { gkeVersion, strict } = options ?? {};
  const kept: Linked["options"] = {};
  if (typeof gkeVersion === "string") kept.gkeVersion = gkeVersion;
  if (strict === true) kept.strict = true;
  return { manifests, allowlists, options: kept };
}
