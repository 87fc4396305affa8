import { expect, test } from "vitest";
import { readFrameAddress } from "./frame-address";

const read = (address: string) => readFrameAddress(new URL(address, "https://vips.example"));

test.each([
  ["/overlay/race/7?token=k&top=3", { kind: "overlay", race: { id: 7 }, top: 3, token: "k" }],
  ["/overlay/race/7", { kind: "overlay", race: { id: 7 }, top: 10, token: null }],
  [
    "/overlay/race/current?type=weekly",
    { kind: "overlay", race: { current: "weekly" }, top: 10, token: null },
  ],
  ["/embed/race/current/?type=yearly", { kind: "race", race: { current: "monthly" }, top: 10 }],
  ["/embed/race/7?top=999", { kind: "race", race: { id: 7 }, top: 50 }],
  ["/embed/race/7?top=-1", { kind: "race", race: { id: 7 }, top: 10 }],
  ["/embed/leaderboard?period=today", { kind: "board", period: "today", top: 10 }],
  ["/embed/leaderboard?period=x&top=x", { kind: "board", period: "all_time", top: 10 }],
  ["/embed/race/0", { kind: "nothing" }],
  ["/embed/admin", { kind: "nothing" }],
  ["/overlay/leaderboard", { kind: "nothing" }],
])("%s is read", (address, expected) => {
  expect(read(address)).toEqual(expected);
});
