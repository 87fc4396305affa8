import "@testing-library/jest-dom/vitest";
import { cleanup } from "@testing-library/react";
import { afterAll, afterEach, beforeAll, vi } from "vitest";
import { FakeSocket } from "./fake-socket";
import { server } from "./server";

vi.stubGlobal("scrollTo", () => {});
vi.stubGlobal("matchMedia", (media: string) => Object.assign(new EventTarget(), { media, matches: false }));

beforeAll(() => {
  server.listen({ onUnhandledRequest: "error" });
  // After MSW, which puts a socket of its own there.
  vi.stubGlobal("WebSocket", FakeSocket);
});
afterEach(() => {
  cleanup();
  server.resetHandlers();
  FakeSocket.all = [];
});
afterAll(() => server.close());
