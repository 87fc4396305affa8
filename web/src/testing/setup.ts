import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterAll, afterEach, beforeAll, vi } from "vitest";
import { FakeSocket } from "./fake-socket";
import { server } from "./server";

// A busy machine is slow, not wrong.
configure({ asyncUtilTimeout: 10_000 });

vi.stubGlobal("scrollTo", () => {});
vi.stubGlobal("matchMedia", (media: string) => Object.assign(new EventTarget(), { media, matches: false }));

// Some tests run without a page at all.
const hasPage = typeof window !== "undefined";
if (hasPage) {
  // jsdom lays nothing out and has no top layer.
  Element.prototype.scrollIntoView = () => {};
  HTMLDialogElement.prototype.showModal = function showModal() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
    this.dispatchEvent(new Event("close"));
  };
}

beforeAll(() => {
  server.listen({ onUnhandledRequest: "error" });
  // After MSW, which puts a socket of its own there.
  vi.stubGlobal("WebSocket", FakeSocket);
});
afterEach(() => {
  cleanup();
  server.resetHandlers();
  FakeSocket.all = [];
  if (hasPage) localStorage.clear();
});
afterAll(() => server.close());
